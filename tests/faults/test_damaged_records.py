"""Rows 17 to 19: torn and corrupt records cost one sample each; any text comes back as it was."""

import json
from pathlib import Path

import pytest

from tests.runs import (
    acknowledged,
    asked,
    evaluate,
    records,
    reuse_lines,
    run_folder,
    scores,
    write_config,
    write_words,
)


def finished_run(folder: Path, num_samples: int = 10) -> tuple[Path, Path]:
    """Return the folder of a complete run, and its file of predictions."""
    write_words(folder, num_samples)
    write_config(folder)
    assert evaluate(folder, 'words.py').returncode == 0
    run = run_folder(folder)
    return run, run / 'predictions' / 'scripted' / 'words' / 'all.jsonl'


def log_of(run: Path) -> str:
    return (run / 'logs' / 'infer' / 'scripted' / 'words.log').read_text()


@pytest.mark.parametrize('num_bytes', [1, 7, 150])
def test_a_torn_tail_costs_one_sample(tmp_path: Path, num_bytes: int) -> None:
    run, path = finished_run(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-num_bytes])
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert f'INFO evalkit.store.writer: {path.relative_to(tmp_path)}: dropped a torn record' in (
        log_of(run)
    )
    assert reuse_lines(run) == ['reused 9, stale 0, new 1']
    assert len(asked(tmp_path)) == 11
    assert path.read_bytes().startswith(b''.join(whole.splitlines(keepends=True)[:9]))
    assert [record['index'] for record in records(run)] == list(range(10))
    assert scores(run) == {('words', 'scripted'): 100.0}


def test_a_corrupt_line_is_quarantined_and_only_it_is_asked_again(tmp_path: Path) -> None:
    run, path = finished_run(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    corrupt = lines[4].replace(b'"output": "word4"', b'"output": "word5"')
    path.write_bytes(b''.join([*lines[:4], corrupt, *lines[5:]]))
    done = evaluate(tmp_path, 'words.py', '-r')
    assert done.returncode == 0, done.stderr
    assert 'line 5 is corrupt; it is skipped, kept in all.jsonl.quarantine' in log_of(run)
    assert path.with_name('all.jsonl.quarantine').read_bytes() == corrupt
    assert reuse_lines(run) == ['reused 9, stale 0, new 1']
    assert asked(tmp_path)[10:] == [json.loads(lines[4])['key']]
    assert scores(run) == {('words', 'scripted'): 100.0}
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert len(asked(tmp_path)) == 11
    assert path.with_name('all.jsonl.quarantine').read_bytes() == corrupt


def test_every_byte_that_flips_is_noticed(tmp_path: Path) -> None:
    run, path = finished_run(tmp_path, 3)
    whole = path.read_bytes()
    line = whole.splitlines(keepends=True)[1]
    places = range(whole.index(line), whole.index(line) + len(line) - 1, len(line) // 4)
    for number, place in enumerate(places, start=1):
        flipped = bytearray(whole)
        flipped[place] ^= 1
        path.write_bytes(flipped)
        assert evaluate(tmp_path, 'words.py', '-r', '-m', 'infer').returncode == 0
        assert reuse_lines(run) == ['reused 2, stale 0, new 1']
        assert len(asked(tmp_path)) == 3 + number
        path.write_bytes(whole)


def test_a_file_of_noise_is_asked_again_as_a_whole(tmp_path: Path) -> None:
    run, path = finished_run(tmp_path)
    path.write_bytes(bytes(range(256)) * 40)
    done = evaluate(tmp_path, 'words.py', '-r')
    assert done.returncode == 0, done.stderr
    assert len(acknowledged(run)) == 10
    assert len(asked(tmp_path)) == 20
    assert scores(run) == {('words', 'scripted'): 100.0}


@pytest.mark.parametrize('name', ['results/scripted/words.json', 'summary/summary.json'])
def test_a_damaged_result_is_made_again_from_the_answers(tmp_path: Path, name: str) -> None:
    run, _ = finished_run(tmp_path)
    old = json.loads((run / name).read_text())
    (run / name).write_text('{"rows": [')
    done = evaluate(tmp_path, 'words.py', '-r')
    assert done.returncode == 0, done.stderr
    assert json.loads((run / name).read_text()) == old
    assert len(asked(tmp_path)) == 10


HOSTILE = {
    'line separators': 'a\u2028b\u2029c\u0085d\x0be\x0cf',
    'carriage returns': 'a\r\nb\rc\n',
    'nul and escapes': 'a\x00b\x1b[31mc\x7f',
    'lone surrogates': 'a\ud800b\udfffc',
    'beyond the basic plane': '\U0001f600\U0010ffff',
    'markup': '[bold]a[/bold] {b} %s </E>',
    'looks like a record': '"}\n{"key": "x", "crc": "00000000"}\n',
    'long': '数' * 3_500_000,
}


def test_every_text_comes_back_as_it_was_answered(tmp_path: Path) -> None:
    names = list(HOSTILE)
    rows = [
        {'question': f'Say number {n}.', 'answer': HOSTILE[name]} for n, name in enumerate(names)
    ]
    (tmp_path / 'words.jsonl').write_text(''.join(json.dumps(row) + '\n' for row in rows))
    answers = {f'number {n}.': HOSTILE[name] for n, name in enumerate(names)}
    (tmp_path / 'hostile.py').write_text(
        'import json, pathlib\n'
        'from evalkit.models import ScriptedModel\n'
        'class Hostile(ScriptedModel):\n'
        '    def __init__(self, log_path: str) -> None:\n'
        "        answers = json.loads(pathlib.Path('answers.json').read_text())\n"
        '        super().__init__(answers=answers, log_path=log_path)\n'
    )
    (tmp_path / 'answers.json').write_text(json.dumps(answers))
    write_config(
        tmp_path, [{'type': 'hostile.Hostile', 'abbr': 'scripted', 'log_path': 'asked.log'}]
    )
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    run = run_folder(tmp_path)
    outputs = {record['index']: record['output'] for record in records(run)}
    assert outputs == {n: HOSTILE[name] for n, name in enumerate(names)}
    # The answers are the references, so that the scorer must have read the same.
    assert scores(run) == {('words', 'scripted'): 100.0}
    again = evaluate(tmp_path, 'words.py', '-r')
    assert again.returncode == 0, again.stderr
    assert len(asked(tmp_path)) == len(names)
