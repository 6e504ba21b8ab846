"""Ctrl-C once drains, twice stops at once."""

import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from evalkit.tasks.base import Task
from tests.runners.scripts import (
    ROOT,
    SLEEP,
    command_to_run,
    environment,
    log_text,
    processes,
    task,
    wait_until,
)

DRAIN = """
import signal, time
def drain(number, frame):
    time.sleep(1)
    print('flushed', flush=True)
    raise SystemExit(130)
signal.signal(signal.SIGINT, drain)
print('asking', flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGINT, lambda *_: print('no', flush=True))
print('asking', flush=True)
while True: time.sleep(60)
"""

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a run in a session of its own and wait until its first task is asking."""
    mark = uuid4().hex
    started = []

    def start(*tasks: Task, shell: str = '', **keywords: Any) -> subprocess.Popen[bytes]:
        exec_all = ['sh', '-c', f'{shell}; exec "$@"', 'sh'] if shell else []
        command = [*exec_all, *command_to_run(tmp_path, *tasks, **keywords)]
        env = environment(mark)
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=pipe, stderr=pipe, start_new_session=True
        )
        started.append(process)
        wait_until_asking(tmp_path, tasks[0])
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()
    assert processes(mark) == []


def wait_until_asking(folder: Path, first: Task) -> None:
    def is_asking() -> bool:
        with suppress(FileNotFoundError):
            return 'asking' in log_text(folder, first.model['abbr'])
        return False

    wait_until(is_asking)


def ended(process: subprocess.Popen[bytes]) -> tuple[bool, dict[str, dict[str, Any]]]:
    """Return whether a run was interrupted, and how its tasks ended."""
    output, _ = process.communicate(timeout=10)
    told = json.loads(output)
    return told['interrupted'], {status['name']: status for status in told['statuses']}


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize('send', [os.kill, os.killpg])
def test_the_first_signal_lets_a_task_finish_what_it_has_begun(
    start: Start, tmp_path: Path, number: int, send: Callable[[int, int], None]
) -> None:
    run = start(task('drain', DRAIN), task('later', SLEEP), max_num_workers=1)
    began = time.monotonic()
    send(run.pid, number)
    interrupted, statuses = ended(run)
    assert 1 < time.monotonic() - began < 4
    assert run.returncode == 130
    assert interrupted
    assert 'flushed' in log_text(tmp_path, 'drain')
    assert statuses['drain/data']['returncode'] == 130
    assert statuses['drain/data']['reason'] == 'interrupted'
    assert statuses['later/data']['attempts'] == 0
    assert statuses['later/data']['reason'] == 'not started: interrupted'


def test_a_task_that_does_not_finish_in_time_is_killed(start: Start, tmp_path: Path) -> None:
    run = start(task('stubborn', STUBBORN), grace_seconds=0.5)
    run.send_signal(signal.SIGINT)
    interrupted, statuses = ended(run)
    assert interrupted
    assert log_text(tmp_path, 'stubborn').count('no') == 1
    status = statuses['stubborn/data']
    assert (status['returncode'], status['reason'], status['attempts']) == (130, 'interrupted', 1)


def test_the_second_signal_kills_at_once(start: Start) -> None:
    run = start(task('stubborn', STUBBORN), grace_seconds=60)
    run.send_signal(signal.SIGINT)
    time.sleep(0.4)
    assert run.poll() is None
    began = time.monotonic()
    run.send_signal(signal.SIGINT)
    interrupted, _ = ended(run)
    assert time.monotonic() - began < 2
    assert interrupted
    assert run.returncode == 130


def test_a_signal_that_a_wrapper_doubles_counts_once(start: Start, tmp_path: Path) -> None:
    run = start(task('drain', DRAIN))
    run.send_signal(signal.SIGINT)
    time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    ended(run)
    assert 'flushed' in log_text(tmp_path, 'drain')


def test_a_run_in_the_background_of_a_script_can_be_interrupted(
    start: Start, tmp_path: Path
) -> None:
    run = start(task('drain', DRAIN), shell='trap "" INT')
    run.send_signal(signal.SIGINT)
    ended(run)
    assert run.returncode == 130
    assert 'flushed' in log_text(tmp_path, 'drain')


def test_a_task_that_ends_well_while_draining_is_complete(start: Start) -> None:
    run = start(task('drain', DRAIN.replace('SystemExit(130)', 'SystemExit(0)')))
    run.send_signal(signal.SIGINT)
    interrupted, statuses = ended(run)
    assert interrupted
    assert statuses['drain/data']['returncode'] == 0


def test_ctrl_c_at_a_terminal_drains(tmp_path: Path) -> None:
    first = task('drain', DRAIN)
    command = command_to_run(tmp_path, first)
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execvpe(command[0], command, environment(uuid4().hex))
    wait_until_asking(tmp_path, first)
    os.write(terminal, b'\x03')
    with suppress(OSError):  # the end of a terminal
        while os.read(terminal, 65536):
            pass
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    assert 'flushed' in log_text(tmp_path, 'drain')
