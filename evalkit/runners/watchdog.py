"""Kills what a run has started when the run dies, however it dies.

The launching process starts this file as a script in a session of its own, `python -I -S
watchdog.py MARK`, and holds the only write end of its standard input. There it announces each
process group with `+GROUP` and takes it back with `-GROUP`. The end of the input means that the
launching process is gone: then the groups that are left die, and so does every process whose
environment holds the mark, in whatever session it hides.

The file imports nothing of evalkit, so that it starts in some 10 ms and stays small.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

PROC = Path('/proc')
SECONDS_TO_DIE = 5.0
POLL_SECONDS = 0.02


def kill_group(group: int) -> None:
    """Kill every process of a group, if there is one left."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def kill_marked(mark: bytes) -> None:
    """Kill every process of ours whose environment holds `mark`, and wait until they are gone."""
    deadline = time.monotonic() + SECONDS_TO_DIE
    while (pids := marked(mark)) and time.monotonic() < deadline:
        for pid in pids:
            kill(pid)
        time.sleep(POLL_SECONDS)


def kill(pid: int) -> None:
    """Kill one process, if it is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def marked(mark: bytes) -> list[int]:
    """Return the processes whose environment holds `mark`; none where there is no /proc."""
    if not PROC.is_dir():
        return []
    pids = (int(name) for name in os.listdir(PROC) if name.isdigit())  # noqa: PTH208 - faster
    return [pid for pid in pids if pid != os.getpid() and mark in environment(pid)]


def environment(pid: int) -> bytes:
    """Return the environment that a process was started with; empty if it cannot be read."""
    try:
        return (PROC / str(pid) / 'environ').read_bytes()
    except OSError:
        return b''


def groups_left(lines: Iterable[bytes]) -> set[int]:
    """Read until the launching process is gone; return the groups it has not taken back."""
    groups: set[int] = set()
    for line in lines:
        change = groups.add if line.startswith(b'+') else groups.discard
        change(int(line[1:]))
    return groups


def main(mark: str) -> None:
    """Wait for the end of the launching process, then kill what is left of it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for group in groups_left(sys.stdin.buffer):
        kill_group(group)
    kill_marked(mark.encode())


if __name__ == '__main__':
    main(sys.argv[1])
