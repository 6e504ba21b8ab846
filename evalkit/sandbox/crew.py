"""The keepers of sandboxes, as evalkit sees them: programs in, verdicts out, several at a time."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from queue import SimpleQueue
from typing import Any

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
        """Run a program; one that passes must fail with a last assertion that cannot hold."""
        verdict = self.run(program)
        if verdict.kind != 'passed':
            return verdict
        again = self.run(Program(program.solutions, program.tests + POISON))
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
                python('keeper'),
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
                pipe.close()
        process.wait()

    def kill(self) -> None:
        """End the process, which does not do what it should."""
        if self.process is not None:
            self.process.kill()
            self.close()


def judge_all(
    plan: dict[str, Any], programs: Sequence[Program], num_workers: int | None = None
) -> list[Verdict]:
    """Return the verdict on each program; by default as many run at a time as there are cores."""
    size = max(1, min(num_workers or num_cores(), len(programs)))
    keepers = [Keeper(plan) for _ in range(size)]
    idle: SimpleQueue[Keeper] = SimpleQueue()
    for keeper in keepers:
        idle.put(keeper)

    def judge(program: Program) -> Verdict:
        keeper = idle.get()
        try:
            return keeper.judge(program)
        finally:
            idle.put(keeper)

    pool = ThreadPoolExecutor(size)
    try:
        return list(pool.map(judge, programs))
    finally:
        pool.shutdown(cancel_futures=True)
        for keeper in keepers:
            keeper.close()


def num_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == 'linux' else os.cpu_count() or 1
