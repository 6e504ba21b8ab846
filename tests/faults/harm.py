"""Waiting for the right moment, and doing harm to running processes."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.runs import acknowledged, asked, processes, run_folder, workers

SECONDS = 30.0


def wait_until(is_so: Callable[[], object], seconds: float = SECONDS) -> float:
    """Wait until something is so and return how long that took; fail after `seconds`."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, 'it never came to that'
        time.sleep(0.01)
    return time.monotonic() - began


def wait_until_asked(folder: Path, number: int) -> None:
    """Wait until a run has asked so many questions."""
    wait_until(lambda: len(asked(folder)) >= number)


def kill_a_worker(mark: str, run: subprocess.Popen[str]) -> int | None:
    """Kill the process of a task as soon as there is one; None if the run has ended before."""
    while run.poll() is None:
        for pid in workers(mark):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                return pid
        time.sleep(0.005)
    return None


def kill_run(mark: str, run: subprocess.Popen[str], draw: random.Random) -> None:
    """Kill the launching process or a worker, by lot, and then all that is left of the run."""
    victims = processes(mark)
    with suppress(ProcessLookupError, IndexError):
        os.kill(draw.choice(victims), signal.SIGKILL)
    run.kill()
    run.communicate()
    wait_until(lambda: not processes(mark), 5)


class Witness:
    """Remembers at each harm what was acknowledged, and which questions had been asked."""

    def __init__(self, folder: Path, work_dir: str = 'outputs/words') -> None:
        self.folder = folder
        self.work_dir = work_dir
        self.moments: list[tuple[int, set[str]]] = []

    @property
    def run(self) -> Path:
        return run_folder(self.folder, self.work_dir)

    def look(self) -> None:
        """Note what has an answer at this moment, when nothing is running."""
        self.moments.append((len(asked(self.folder)), acknowledged(self.run)))

    def asked_in_vain(self) -> Counter[str]:
        """Return the questions that were asked after their answer had been acknowledged."""
        keys = asked(self.folder)
        return Counter(
            key for number, known in self.moments for key in keys[number:] if key in known
        )

    def lost(self) -> set[str]:
        """Return the answers that were acknowledged once and are not there any more."""
        return set().union(*(known for _, known in self.moments)) - acknowledged(self.run)
