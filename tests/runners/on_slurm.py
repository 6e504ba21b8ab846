"""Runs on a real Slurm, and what to ask it."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.runs import model, records, write_config, write_words

ON_SLURM = ('--runner', 'slurm', '-p', 'p')
QUICK = {'type': 'SlurmRunner', 'poll_seconds': 0.3}


def wait_until(is_so: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, 'it never came to that'
        time.sleep(0.1)


def ask(cluster: dict[str, str], *command: str) -> str:
    """Return what a command of Slurm says."""
    env = {**os.environ, **cluster}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


def job_states(cluster: dict[str, str]) -> dict[str, str]:
    """Return the state of each open job."""
    lines = ask(cluster, 'squeue', '-h', '-r', '-o', '%i %T').splitlines()
    return dict(line.split() for line in lines)


def num_answers(folder: Path) -> int:
    """Return how many answers the only run has stored."""
    runs = list(folder.glob('outputs/words/*'))
    return len(records(runs[0])) if runs else 0


def write(folder: Path, delay: float = 0.0, number: int = 40, **keys: Any) -> None:
    """Write a dataset and a config; `keys` are the model's."""
    write_words(folder, number)
    write_config(
        folder, [model(delay=delay, **keys)], infer={'runner': QUICK}, eval={'runner': QUICK}
    )
