"""The processes that an engine has started."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path('/proc')


def descendants(process: int | str = 'self') -> list[int]:
    """Return the living processes below one; Python's own resource tracker does not count.

    None where there is no /proc.
    """
    found: list[int] = []
    for child in _children(process):
        if _is_working(child):
            found += [child, *descendants(child)]
    return found


def kill_descendants() -> None:
    """End all processes below this one at once."""
    for child in descendants():
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _children(process: int | str) -> Iterator[int]:
    for children in PROC.glob(f'{process}/task/*/children'):
        with suppress(OSError):
            yield from map(int, children.read_text().split())


def _is_working(process: int) -> bool:
    folder = PROC / str(process)
    try:
        command = (folder / 'cmdline').read_bytes()
        state = (folder / 'stat').read_text().rpartition(')')[2].split()[0]
    except OSError:  # it has just ended
        return False
    return b'resource_tracker' not in command and state != 'Z'
