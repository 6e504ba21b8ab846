"""A process and all that comes of it, as /proc shows them."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

PAGE_BYTES = os.sysconf('SC_PAGE_SIZE')
SECONDS_TO_DIE = 10.0


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and those have, and so on."""
    found: list[int] = []
    todo = [pid]
    while todo:
        children = [int(child) for text in children_texts(todo.pop()) for child in text.split()]
        found += children
        todo += children
    return found


def children_texts(pid: int) -> Iterator[bytes]:
    """Yield the children of each thread of a process."""
    try:
        threads = os.listdir(f'/proc/{pid}/task')  # noqa: PTH208 - faster
    except OSError:
        return
    for thread in threads:
        yield read(f'/proc/{pid}/task/{thread}/children')


def num_threads(pid: int) -> int:
    """Return how many threads a process has."""
    try:
        return len(os.listdir(f'/proc/{pid}/task'))  # noqa: PTH208
    except OSError:
        return 0


def resident_bytes(pid: int) -> int:
    """Return how much memory a process has in use."""
    fields = read(f'/proc/{pid}/statm').split()
    return int(fields[1]) * PAGE_BYTES if fields else 0


def written_bytes(pid: int) -> int:
    """Return how much a process, and what it has waited for, has written to disks."""
    for line in read(f'/proc/{pid}/io').splitlines():
        name, _, value = line.partition(b': ')
        if name == b'write_bytes':
            return int(value)
    return 0


def read(path: str) -> bytes:
    """Return a file of /proc; empty if the process has gone."""
    try:
        return Path(path).read_bytes()
    except OSError:
        return b''


def reap() -> dict[int, int]:
    """Take notice of the children that have ended: the wait status of each."""
    ended: dict[int, int] = {}
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended[pid] = status


def kill_descendants(uid: int | None) -> bool:
    """Kill all that this process has started, orphans too; tell whether nothing is left.

    What forks faster than a list can be made is met at once where it has a user of its own.
    """
    deadline = time.monotonic() + SECONDS_TO_DIE
    while time.monotonic() < deadline:
        left = descendants(os.getpid())
        if not left:
            return True
        if uid is not None:
            kill_user(uid)
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in left:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
        reap()
        time.sleep(0.001)
    return False


def kill_user(uid: int) -> None:
    """Kill every process of a user, all at the same moment."""
    killer = os.fork()
    if killer == 0:
        with contextlib.suppress(OSError):
            os.setresuid(uid, uid, uid)
            os.kill(-1, signal.SIGKILL)
        os._exit(0)
    os.waitpid(killer, 0)
