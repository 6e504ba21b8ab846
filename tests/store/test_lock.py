import json
import logging
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from evalkit.errors import ConfigError
from evalkit.store import RunLock
from tests.store.processes import ROOT, command, output_of


class Holder:
    """A process that holds the lock, and its two children."""

    def __init__(self, root: Path) -> None:
        self.process = subprocess.Popen(
            command('hold_lock', root), cwd=ROOT, stdout=subprocess.PIPE
        )
        assert self.process.stdout
        self.children = [int(pid) for pid in self.process.stdout.readline().split()]

    def kill(self) -> None:
        self.process.kill()
        assert self.process.wait() == -signal.SIGKILL

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)


@contextmanager
def holding(root: Path) -> Iterator[Holder]:
    holder = Holder(root)
    try:
        yield holder
    finally:
        holder.end()


def test_a_second_run_is_told_who_holds_the_first(tmp_path: Path) -> None:
    with holding(tmp_path) as holder:
        with pytest.raises(ConfigError) as caught, RunLock(tmp_path):
            pass
        text = str(caught.value)
    assert caught.value.exit_code.value == 2
    start = f'{tmp_path} is in use by process {holder.process.pid} on {socket.gethostname()}, '
    assert text.startswith(f'{start}started ')
    assert text.endswith('; wait for it or stop it, or leave out -r to begin a new run')
    started = datetime.fromisoformat(text.removeprefix(f'{start}started ').split(';')[0])
    assert timedelta(0) <= datetime.now().astimezone() - started < timedelta(minutes=1)


def test_the_lock_of_a_killed_run_is_taken_over_though_its_children_live(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with holding(tmp_path) as holder:
        holder.kill()
        assert all(Path(f'/proc/{pid}').exists() for pid in holder.children)
        with RunLock(tmp_path):
            assert json.loads((tmp_path / '.lock').read_text())['pid'] == os.getpid()
    assert caplog.messages == [f'{tmp_path}: took over the lock of a run that was killed']


def test_a_lock_that_was_given_back_can_be_taken_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    lock = RunLock(tmp_path / 'run')
    for _ in range(3):
        with lock:
            pass
    with pytest.raises(ZeroDivisionError), lock:
        raise ZeroDivisionError
    with lock, pytest.raises(ConfigError, match=f'process {os.getpid()} on'):
        RunLock(tmp_path / 'run').__enter__()
    assert caplog.messages == []


def test_two_runs_of_different_directories_do_not_meet(tmp_path: Path) -> None:
    with RunLock(tmp_path / 'a'), RunLock(tmp_path / 'b'):
        pass


def test_a_nameless_holder_is_still_a_holder(tmp_path: Path) -> None:
    with RunLock(tmp_path):
        (tmp_path / '.lock').write_text('')
        with pytest.raises(ConfigError, match='is in use by another process; wait'):
            RunLock(tmp_path).__enter__()


def test_a_network_file_system_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mounts = tmp_path / 'mounts'
    mounts.write_text(f'/dev/sda / ext4 rw 0 0\nserver:/home {tmp_path}/run nfs4 rw 0 0\n')
    with RunLock(tmp_path / 'run', mounts), RunLock(tmp_path / 'other', mounts):
        pass
    assert caplog.messages == [
        f'{tmp_path}/run is on nfs4, where the lock may not be safe: '
        f'start no second run on another host'
    ]


def test_where_locks_stay_on_their_host_a_run_of_another_one_is_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mounts = tmp_path / 'mounts'
    mounts.write_text(f'server:/home {tmp_path} nfs rw,nolock 0 0\n')
    run = tmp_path / 'run'
    run.mkdir()
    left = {'pid': 7, 'host': 'node9', 'start': '2026-01-01T00:00:00+00:00'}
    (run / '.lock').write_text(json.dumps(left))
    with pytest.raises(ConfigError) as caught, RunLock(run, mounts):
        pass
    assert str(caught.value) == (
        f'{run} may be in use by process 7 on node9, started 2026-01-01T00:00:00+00:00: on '
        f'nfs its lock is not seen here; go on with it on node9, or remove {run}/.lock if that run '
        f'has ended'
    )
    (run / '.lock').write_text(json.dumps({**left, 'host': socket.gethostname()}))
    with RunLock(run, mounts):
        pass
    with RunLock(run, mounts):
        pass
    warning = f'{run} is on nfs, where the lock is not seen by other hosts: '
    assert caplog.messages == [f'{warning}start no second run on another host'] * 2


def test_where_flock_is_not_supported_the_run_goes_on_with_a_warning(tmp_path: Path) -> None:
    first, last = output_of('lock_where_unsupported', tmp_path).splitlines()
    assert first == (
        f'WARNING {tmp_path}/.lock cannot be locked ([Errno 38] Function not implemented); '
        f'let no other run write it'
    )
    assert last == 'inside'
