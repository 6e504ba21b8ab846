"""Rows 36 and 37: logs stay small, and a clock that jumps changes nothing."""

import ast
import signal
import time
from pathlib import Path
from textwrap import dedent

from tests.faults.harm import wait_until_asked
from tests.runs import (
    ROOT,
    asked,
    evaluate,
    model,
    records,
    run_folder,
    scores,
    start,
    summary,
    values,
    write_config,
    write_words,
)

NUM_FAILING = 10_000


def log_bytes(run: Path) -> int:
    return sum(path.stat().st_size for path in (run / 'logs').rglob('*.log*'))


def test_ten_thousand_failing_samples_fill_no_log(tmp_path: Path) -> None:
    write_words(tmp_path, NUM_FAILING)
    write_config(tmp_path, [model(error_on='word', log_path=None)])
    done = evaluate(tmp_path, 'words.py')
    run = run_folder(tmp_path)
    assert done.returncode == 3
    assert len(records(run)) == NUM_FAILING
    assert all(record['error'].startswith('bad_request: ') for record in records(run))
    assert log_bytes(run) < 5_000
    assert len(done.stdout + done.stderr) < 5_000
    log = (run / 'logs' / 'infer' / 'scripted' / 'words.log').read_text()
    assert log.count('bad_request: the prompt has') == 1
    assert '10000 samples failed (10000 x bad_request)' in log


def test_ten_thousand_answers_are_no_line_of_a_log(tmp_path: Path) -> None:
    write_words(tmp_path, NUM_FAILING)
    write_config(tmp_path, [model(log_path=None)])
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    assert values(run_folder(tmp_path))['words', 'scripted']['n_ok'] == NUM_FAILING
    assert log_bytes(run_folder(tmp_path)) < 2_000


def test_a_model_that_repeats_itself_is_counted(tmp_path: Path) -> None:
    (tmp_path / 'chatty.py').write_text(
        dedent("""
        import sys
        from evalkit.models import ScriptedModel
        class Chatty(ScriptedModel):
            def generate(self, requests):
                for completion in super().generate(requests):
                    print('the server is slow today')
                    sys.stderr.write('\\r 50%|#####')
                    yield completion
        """)
    )
    write_words(tmp_path, 3000)
    write_config(tmp_path, [model(type='chatty.Chatty', log_path=None)])
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    assert 'the server is slow' not in done.stdout + done.stderr
    assert log_bytes(run_folder(tmp_path)) < 3000 * 5


JUMPING = """
import itertools, time
_real, _jumps = time.time, itertools.cycle([0, 86_400, -86_400, 7 * 86_400])
time.time = lambda: _real() + next(_jumps)
"""
"""A clock that is wrong by days at each look, for every process of a run."""


def jumping_clock(folder: Path) -> str:
    """Return a folder from which Python takes the clock that jumps."""
    (folder / 'clock').mkdir()
    (folder / 'clock' / 'sitecustomize.py').write_text(JUMPING)
    return str(folder / 'clock')


def test_a_clock_that_jumps_changes_neither_times_nor_answers(tmp_path: Path) -> None:
    write_words(tmp_path, 40)
    write_config(tmp_path, [model(delay=0.01)])
    clock = jumping_clock(tmp_path)
    done = evaluate(tmp_path, 'words.py', PYTHONPATH=clock)
    assert done.returncode == 0, done.stderr
    run = run_folder(tmp_path)
    assert scores(run) == {('words', 'scripted'): 100.0}
    assert 0.4 < summary(run)['timing']['scripted']['words']['infer_seconds'] < 5
    assert evaluate(tmp_path, 'words.py', '-r', PYTHONPATH=clock).returncode == 0
    assert len(asked(tmp_path)) == 40


def test_an_interrupt_is_as_soon_over_by_a_clock_that_jumps(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, 100)
    write_config(tmp_path, [model(delay=0.05)])
    run = start(tmp_path, 'words.py', mark=mark, PYTHONPATH=jumping_clock(tmp_path))
    wait_until_asked(tmp_path, 5)
    began = time.monotonic()
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=20)
    assert run.returncode == 130, said
    assert time.monotonic() - began < 5
    assert len(asked(tmp_path)) < 100


def test_no_deadline_looks_at_the_clock_of_the_day() -> None:
    """`time.time` is for nothing here: spans are monotonic, and names are `datetime.now`."""
    found = [
        f'{path.relative_to(ROOT)}:{node.lineno}'
        for path in (ROOT / 'evalkit').rglob('*.py')
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ('time.time', 'time.time_ns')
    ]
    assert found == []
