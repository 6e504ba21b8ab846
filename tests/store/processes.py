"""Starts the programs beside it."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def command(program: str, *arguments: object) -> list[str]:
    return [sys.executable, '-m', f'tests.store.programs.{program}', *map(str, arguments)]


def output_of(program: str, *arguments: object) -> str:
    """Run a program to its end and return what it printed; it must exit with 0."""
    done = subprocess.run(
        command(program, *arguments), cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def wait_until(is_true: Callable[[], bool], seconds: float = 30, pause: float = 0.002) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, 'waited in vain'
        time.sleep(pause)
