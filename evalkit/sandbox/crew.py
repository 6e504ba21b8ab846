"""The keepers of sandboxes, as evalkit sees them: programs in, verdicts out, several at a time."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, replace
from queue import SimpleQueue
from typing import Any

from evalkit.sandbox.environment import own_environment
from evalkit.sandbox.plans import python
from evalkit.sandbox.program import Program, Verdict

SPARE_SECONDS = 90.0
"""A keeper that says nothing for so long after the limit of its program hangs."""

POISON = '\nraise AssertionError("no program passes this")'


class Keeper:
    """A process that runs one program after another; one that dies is replaced."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.process: subprocess.Popen[bytes] | None = None

    def judge(self, program: Program) -> Verdict:
        """Run a program; one that passes must fail with a last assertion that cannot hold.

        What answers cases right is right: nothing that it could have read says what is.
        """
        verdict = self.run(program)
        if verdict.kind != 'passed' or program.cases:
            return verdict
        again = self.run(replace(program, tests=program.tests + POISON))
        if again.kind == 'passed':
            return Verdict('failed', 'forged: it also passes tests that nothing can pass')
        return again if again.kind == 'error' else verdict

    def run(self, program: Program) -> Verdict:
        """Run a program once."""
        try:
            self.send(asdict(program))
            return Verdict(**json.loads(self.receive()))
        except (OSError, ValueError) as error:
            self.kill()
            return Verdict('error', f'the keeper of the sandbox has died: {error}')

    def send(self, message: dict[str, Any]) -> None:
        """Write a line to the process, which is started where there is none."""
        if self.process is None:
            self.process = subprocess.Popen(
                python(own_environment().interpreter, 'keeper'),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={},
                cwd='/',
                start_new_session=True,
            )
            self.write(self.plan)
        self.write(message)

    def write(self, message: dict[str, Any]) -> None:
        """Write a line."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b'\n')
        self.process.stdin.flush()

    def receive(self) -> bytes:
        """Read a line."""
        assert self.process is not None
        assert self.process.stdout is not None
        seconds = self.plan['limits']['seconds'] + SPARE_SECONDS
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        line = self.process.stdout.readline() if ready else b''
        if not line:
            raise OSError('it hangs' if not ready else f'it ended with {self.process.wait()}')
        return line

    def close(self) -> None:
        """Let the process end."""
        if self.process is None:
            return
        process, self.process = self.process, None
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what it did not read is of no use to anybody
                    pipe.close()
        process.wait()

    def kill(self) -> None:
        """End the process, which does not do what it should."""
        if self.process is not None:
            self.process.kill()
            self.close()


def judge_all(
    plan: dict[str, Any], programs: Iterable[Program], num_workers: int | None = None
) -> list[Verdict]:
    """Return the verdict on each program; by default as many run at a time as there are cores.

    A program is taken when a keeper is idle, so that those that are made on the way are not all
    in memory.
    """
    keepers: list[Keeper] = []
    idle: SimpleQueue[Keeper] = SimpleQueue()

    def judge(keeper: Keeper, program: Program) -> Verdict:
        try:
            return keeper.judge(program)
        finally:
            idle.put(keeper)

    most = num_workers or num_cores()
    pool = ThreadPoolExecutor(most)
    verdicts = []
    try:
        for program in programs:
            if idle.empty() and len(keepers) < most:
                keepers.append(Keeper(plan))
                idle.put(keepers[-1])
            verdicts.append(pool.submit(judge, idle.get(), program))
        return [verdict.result() for verdict in verdicts]
    finally:
        pool.shutdown(cancel_futures=True)
        for keeper in keepers:
            keeper.close()


def num_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == 'linux' else os.cpu_count() or 1
