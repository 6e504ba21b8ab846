"""Whatever kills the launching process, nothing that it has started is left."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from evalkit.tasks.leash import LEASH, is_alive
from tests.runners.scripts import (
    FORK_A_GRANDCHILD,
    ROOT,
    SLEEP,
    command_to_run,
    environment,
    log_text,
    processes,
    run,
    task,
    wait_until,
)

IGNORE_SIGNALS = """
import signal
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
"""
WHOLE_FAMILY = 6
"""The run, its watchdog, two children, and two grandchildren of one of them."""


@pytest.fixture
def mark() -> Iterator[str]:
    """Stand in the environment of everything that a test starts, to find and end it."""
    mark = uuid4().hex
    yield mark
    for pid in processes(mark):
        os.kill(pid, signal.SIGKILL)


@pytest.fixture
def family(tmp_path: Path, mark: str) -> Iterator[subprocess.Popen[bytes]]:
    """A run with two tasks that will not stop, one of them with grandchildren."""
    tasks = task('parent', FORK_A_GRANDCHILD + IGNORE_SIGNALS + SLEEP), task('sleeper', SLEEP)
    command = command_to_run(tmp_path, *tasks, grace_seconds=0.5)
    with subprocess.Popen(command, cwd=ROOT, env=environment(mark), stdout=subprocess.PIPE) as it:
        wait_until(lambda: len(processes(mark)) == WHOLE_FAMILY)
        wait_until(lambda: 'asleep' in log_text(tmp_path, 'parent'))
        yield it


@pytest.mark.parametrize('number', [signal.SIGKILL, signal.SIGHUP, signal.SIGSEGV])
def test_a_dead_run_leaves_no_process(
    family: subprocess.Popen[bytes], mark: str, number: signal.Signals
) -> None:
    family.send_signal(number)
    assert family.wait(5) == -number
    assert wait_until(lambda: not processes(mark)) < 2


def test_sigterm_stops_a_run_with_all_its_processes(
    family: subprocess.Popen[bytes], mark: str
) -> None:
    family.terminate()
    assert family.wait(5) == 130
    assert wait_until(lambda: not processes(mark)) < 2


def test_a_task_that_ends_takes_what_it_has_started_with_it(tmp_path: Path) -> None:
    [status] = run(tmp_path, task('parent', FORK_A_GRANDCHILD + 'print(os.getpid())'))
    assert status.returncode == 0
    assert status.log_tail[0] == 'born'
    assert not is_alive(int(status.log_tail[1]))


def test_a_task_that_is_killed_takes_what_it_has_started_with_it(tmp_path: Path, mark: str) -> None:
    script = FORK_A_GRANDCHILD + 'os.kill(os.getpid(), 9)'
    command = command_to_run(tmp_path, task('parent', script), retry=0)
    subprocess.run(command, cwd=ROOT, env=environment(mark), check=False, capture_output=True)
    assert processes(mark) == []


def test_a_leashed_process_dies_with_its_parent_even_without_a_watchdog(mark: str) -> None:
    child = 'from evalkit.tasks.leash import hold_leash; hold_leash(); print(1, flush=True)\n'
    parent = (
        'import os, subprocess, sys, time\n'
        f'os.environ[{LEASH!r}] = f"{{os.getpid()}}-token-0"\n'
        f'subprocess.Popen([sys.executable, "-c", {child + SLEEP!r}])\n'
        'time.sleep(60)'
    )
    command = [sys.executable, '-c', parent]
    with subprocess.Popen(command, env=environment(mark), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert len(processes(mark)) == 2
        process.kill()
        process.wait(5)
        assert wait_until(lambda: not processes(mark)) < 2


def test_a_process_whose_parent_is_dead_already_does_not_begin(mark: str) -> None:
    dead = subprocess.Popen(['true'])
    dead.wait()
    child = 'from evalkit.tasks.leash import hold_leash; hold_leash(); print("begun")'
    env = {**environment(mark), LEASH: f'{dead.pid}-token-0'}
    ended = subprocess.run([sys.executable, '-c', child], env=env, check=False, capture_output=True)
    assert (ended.returncode, ended.stdout) == (-9, b'')


def test_without_a_leash_nothing_is_held(mark: str) -> None:
    child = 'from evalkit.tasks.leash import hold_leash; hold_leash(); print("begun")'
    ended = subprocess.run(
        [sys.executable, '-c', child], env=environment(mark), check=True, capture_output=True
    )
    assert ended.stdout == b'begun\n'
