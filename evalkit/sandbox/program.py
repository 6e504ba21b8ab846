"""What is run in a sandbox, how far it may go, and what has come of it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal['passed', 'failed', 'timeout', 'resource', 'error']


@dataclass(frozen=True, slots=True)
class Program:
    """A solution and its tests, which see the names of the solution.

    `solutions` are readings of one answer; the first that is Python is run.
    """

    solutions: tuple[str, ...]
    tests: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a program may go, with all the processes that it starts."""

    seconds: float = 10.0
    memory_mb: int = 1024
    processes: int = 64
    disk_mb: int = 64
    output_mb: int = 16
    output_kept: int = 4096


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has come of a program; 'error' says that it could not be run, which is no failure.

    `reason` is one line, `place` is '<solution>:7' or '<tests>:2' where an exception came from,
    `output` the beginning of what was printed, `solution` the number of the reading that was run.
    """

    kind: Kind
    reason: str = ''
    place: str = ''
    output: str = ''
    solution: int | None = None
    seconds: float = 0.0
