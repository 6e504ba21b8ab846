"""`evalkit bench`, as a user would start it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.models.openai.fault_server import Act, Asked, FaultServer, say
from tests.runs import (
    CALC_MODEL,
    dataset,
    environment,
    model,
    run_folder,
    write_config,
    write_words,
)

BENCH = [sys.executable, '-c', 'import sys; from evalkit.cli import main; sys.exit(main())']


def bench(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `evalkit bench` in a folder."""
    return subprocess.run(
        [*BENCH, 'bench', *arguments],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=120,
    )


def hugging_face(**keys: Any) -> dict[str, Any]:
    path = str(CALC_MODEL)
    kind = 'evalkit.models.HuggingFacewithChatTemplate'
    return {'type': kind, 'abbr': 'calc-hf', 'path': path, 'max_out_len': 8, **keys}


def right_answer(asked: Asked) -> Act:
    """Answer 'words: Say word3.' with 'word3'."""
    return say(asked.text.strip().rpartition(' ')[2].rstrip('.'))


def saved(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the lines of `bench.json` by backend."""
    path = run_folder(folder, 'outputs/words-bench') / 'summary' / 'bench.json'
    return {line['backend']: line for line in json.loads(path.read_text())['lines']}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with ten questions and a config for Hugging Face."""
    write_words(tmp_path)
    write_config(tmp_path, [hugging_face()])
    return tmp_path


def test_a_config_is_run_on_one_backend_after_another_and_compared(folder: Path) -> None:
    with FaultServer(right_answer) as server:
        flags = ('words.py', '--backends', 'hf', 'openai', '--limit', '4')
        done = bench(folder, *flags, '--api-base', server.base)
        again = bench(folder, *flags, '--api-base', server.base, '-r')
    assert done.returncode == 0, done.stderr
    assert len(server.asked) == 4
    found = saved(folder)
    assert list(found) == ['hf', 'openai']
    assert (found['hf']['abbr'], found['openai']['abbr']) == ('calc-hf', 'calc-openai')
    assert (found['hf']['value'], found['openai']['value']) == (0.0, 100.0)
    assert (found['hf']['agreement'], found['openai']['agreement']) == (100.0, 0.0)
    assert found['hf']['speedup'] == 1.0
    assert found['hf']['engine'].startswith('transformers ')
    assert found['openai']['n'] == 4
    assert again.returncode == 0, again.stderr
    summary = run_folder(folder, 'outputs/words-bench') / 'summary'
    assert {path.name for path in summary.glob('bench.*')} == {
        'bench.csv',
        'bench.json',
        'bench.md',
    }


def test_backends_that_fail_say_why_and_the_others_go_on(folder: Path) -> None:
    kwargs = {'token': 'hf_verysecrettoken'}
    write_config(folder, [hugging_face(path='no/model/here', model_kwargs=kwargs)])
    with FaultServer(right_answer) as server:
        backends = ('hf', 'sglang', 'openai')
        done = bench(folder, 'words.py', '--backends', *backends, '--api-base', server.base)
    assert done.returncode == 3
    found = saved(folder)
    assert 'no/model/here' in found['hf']['error']
    assert 'calc-hf: model_kwargs.token: SGLang has no counterpart' in found['sglang']['error']
    assert found['openai']['value'] == 100.0
    assert 'FAILED sglang: ' in done.stdout
    assert 'verysecret' not in done.stdout + done.stderr


def test_a_missing_environment_is_the_failure_of_its_backend_only(folder: Path) -> None:
    write_config(folder, [hugging_face(path='no/model/here')])
    nowhere = {'EVALKIT_PYTHON_HF': '/no/python'}
    with FaultServer(right_answer) as server:
        flags = ('--backends', 'hf', 'openai', '--api-base', server.base)
        done = bench(folder, 'words.py', *flags, **nowhere)
    assert done.returncode == 3
    found = saved(folder)
    assert found['hf']['error'].startswith('EVALKIT_PYTHON_HF is /no/python, but no program is')
    assert found['openai']['value'] == 100.0


@pytest.mark.parametrize(
    ('flags', 'message'),
    [
        (('hf', 'hf'), '--backends names hf more than once'),
        (('openai',), '--backends openai needs the address of the server'),
        (('hf', '--api-model', 'x'), '--api-model goes with --backends openai'),
    ],
)
def test_flags_that_make_no_sense_are_refused(
    folder: Path, flags: tuple[str, ...], message: str
) -> None:
    done = bench(folder, 'words.py', '--backends', *flags)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_model_that_no_backend_changes_cannot_be_compared(folder: Path) -> None:
    write_config(folder, [model()], [dataset()])
    done = bench(folder, 'words.py', '--backends', 'vllm')
    assert done.returncode == 2
    assert 'scripted: no Hugging Face model that could be converted' in done.stderr
