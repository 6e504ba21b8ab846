"""What is run in a sandbox, how far it may go, and what has come of it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal['passed', 'failed', 'timeout', 'resource', 'error']


@dataclass(frozen=True, slots=True)
class Case:
    """What a program is given and what it must answer; the program never sees the latter."""

    input: str
    output: str


@dataclass(frozen=True, slots=True)
class Program:
    """A solution with its tests, which see its names, or with cases that are put to it.

    `solutions` are readings of one answer; the first that is Python is run, after `prelude`. With
    an `entry_point` only the imports and what this name needs are run of it. Each of the `cases`
    is the standard input of the solution, as a script, or with a `function` its arguments, a line
    of JSON each; `function` is a method of `Solution` where the solution has such a class.
    """

    solutions: tuple[str, ...]
    tests: str = ''
    prelude: str = ''
    entry_point: str = ''
    cases: tuple[Case, ...] = ()
    function: str = ''


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a program may go, with all the processes that it starts.

    `case_seconds` are for each of its cases; `seconds` are for all that it does.
    """

    seconds: float = 10.0
    case_seconds: float = 6.0
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
