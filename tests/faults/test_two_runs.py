"""Row 20: one run a directory."""

import json
import os
import re
import signal
import socket
from pathlib import Path

from tests.faults.harm import wait_until, wait_until_asked
from tests.runs import (
    asked,
    evaluate,
    model,
    processes,
    run_folder,
    scores,
    start,
    write_config,
    write_words,
)


def test_the_second_run_is_told_who_holds_the_directory(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, 40)
    write_config(tmp_path, [model(delay=0.05)])
    first = start(tmp_path, 'words.py', mark=mark)
    wait_until_asked(tmp_path, 3)
    second = evaluate(tmp_path, 'words.py', '-r')
    assert second.returncode == 2
    [line] = second.stderr.splitlines()
    run = run_folder(tmp_path).relative_to(tmp_path)
    assert re.fullmatch(
        rf'run.py: error: {run} is in use by process {first.pid} on {socket.gethostname()}, '
        r'started \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d; wait for it or stop it, '
        r'or leave out -r to begin a new run',
        line,
    )
    _, said = first.communicate(timeout=30)
    assert first.returncode == 0, said
    assert len(asked(tmp_path)) == 40


def test_two_runs_that_begin_in_one_second_get_a_directory_each(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, 5)
    write_config(tmp_path)
    runs = [start(tmp_path, 'words.py', mark=mark) for _ in range(3)]
    assert [run.communicate(timeout=30) and run.returncode for run in runs] == [0, 0, 0]
    folders = sorted((tmp_path / 'outputs' / 'words').iterdir())
    assert len(folders) == 3
    assert [scores(folder) for folder in folders] == [{('words', 'scripted'): 100.0}] * 3


def test_the_lock_of_a_killed_run_is_taken_over(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, 40)
    write_config(tmp_path, [model(delay=0.02)])
    first = start(tmp_path, 'words.py', mark=mark)
    wait_until_asked(tmp_path, 3)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    wait_until(lambda: not processes(mark), 5)
    lock = run_folder(tmp_path) / '.lock'
    assert json.loads(lock.read_text())['pid'] == first.pid
    done = evaluate(tmp_path, 'words.py', '-r')
    assert done.returncode == 0, done.stderr
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}
    assert lock.read_text() == ''


def test_the_process_number_in_a_lock_holds_nothing(tmp_path: Path) -> None:
    """A number can be given to another process; only the kernel knows who holds a file."""
    write_words(tmp_path, 5)
    write_config(tmp_path)
    assert evaluate(tmp_path, 'words.py').returncode == 0
    holder = {'pid': os.getpid(), 'host': socket.gethostname(), 'start': '2020-01-01T00:00:00'}
    (run_folder(tmp_path) / '.lock').write_text(json.dumps(holder))
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0


def test_a_dry_run_may_look_at_a_run_that_is_going_on(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, 40)
    write_config(tmp_path, [model(delay=0.05)])
    first = start(tmp_path, 'words.py', mark=mark)
    wait_until_asked(tmp_path, 3)
    done = evaluate(tmp_path, 'words.py', '-r', '--dry-run')
    assert done.returncode == 0, done.stderr
    first.communicate(timeout=30)
    assert first.returncode == 0
    assert len(asked(tmp_path)) == 40
