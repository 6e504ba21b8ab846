"""LiveCodeBench, code generation: problems of contests, by the day on which they were set (Jain et
al., https://arxiv.org/abs/2403.07974).

The folder holds `test.jsonl`, `test2.jsonl`, ...: each a release's new problems, a line
`{"question_content", "question_id", "contest_date", "starter_code", "public_test_cases",
"private_test_cases", "metadata", ...}`. Their tests are gigabytes: a row does without them, and
scoring reads those of one problem at a time (`livecodebench_tests.py`).
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data
from evalkit.datasets.livecodebench_tests import (
    PLACE,
    find_tests,
    read_problems,
    read_tests,
    release_files,
)
from evalkit.errors import ConfigError
from evalkit.evaluators import CodeEvaluator
from evalkit.evaluators.readings import module_readings
from evalkit.postprocessors.code import first_code, last_python_block
from evalkit.sandbox import Case, Limits, Program

FOR_TESTS = ('public_test_cases', 'private_test_cases')
FOR_PROMPTS = ('question_content', 'question_id', 'starter_code', 'contest_date')

WITH_STARTER = (
    '### Format: You will use the following starter code to write the solution to the problem and '
    'enclose your code within delimiters.\n```python\n{starter_code}\n```\n\n'
)
WITHOUT_STARTER = (
    '### Format: Read the inputs from stdin solve the problem and write the answer to stdout (do '
    'not directly test on the sample inputs). Enclose your code within delimiters as follows.\n'
    '```python\n# YOUR CODE HERE\n```\n\n'
)
"""The paper's wording."""

MODULES = (
    *('string', 're', 'datetime', 'collections', 'heapq', 'bisect', 'copy', 'math', 'random'),
    *('statistics', 'itertools', 'functools', 'operator', 'io', 'sys', 'json'),
)
PRELUDE = '\n'.join(
    [
        *(f'from {name} import *' for name in (*MODULES, 'builtins', 'typing')),
        f'import {", ".join(MODULES)}',
        'exit = quit = sys.exit',
        'sys.setrecursionlimit(50000)\n',
    ]
)
"""What a program finds imported, as in the benchmark."""

EXTRACTORS = {'v1': first_code, 'v2': last_python_block}


class LCBCodeGenerationDataset(BaseDataset):
    """Rows with `question_content`, `format_prompt` and `question_id`, the reference."""

    @staticmethod
    def load(
        path: str = PLACE,
        release_version: str = 'release_v1',
        start_date: str | None = None,
        end_date: str | None = None,
    ) -> list[dict[str, Any]]:
        """Read a release, or of it what was set from one day to another ('2024-08-01')."""
        first, last = day(start_date, 'start_date'), day(end_date, 'end_date')
        return [
            as_row(problem)
            for file in release_files(find_data(path), release_version)
            for problem in problems_between(file, first, last)
        ]


LCBDataset = LCBCodeGenerationDataset


def problems_between(path: Path, first: date | None, last: date | None) -> Iterator[dict[str, Any]]:
    """Yield the problems of a file that were set within these days."""
    for _, problem in read_problems(path, FOR_PROMPTS):
        was_set = datetime.fromisoformat(problem['contest_date']).date()
        if (first is None or first <= was_set) and (last is None or was_set <= last):
            yield problem


def day(text: str | None, key: str) -> date | None:
    """Read a day."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{key}: {text!r} is no day such as '2024-08-01'") from error


def as_row(problem: dict[str, Any]) -> dict[str, Any]:
    """Return a problem with the end of its prompt, without its tests."""
    starter = problem['starter_code']
    ending = WITH_STARTER.format(starter_code=starter) if starter else WITHOUT_STARTER
    kept = {name: value for name, value in problem.items() if name not in FOR_TESTS}
    return {**kept, 'format_prompt': ending}


class LCBCodeGenerationEvaluator(CodeEvaluator):
    """`pass@1`, and `pass@k` where each problem has k answers or more.

    The reference is the id of a problem; its tests are in the release at `path`. A program has
    `timeout` seconds for each test, and `seconds` for all. `extractor_version` 'v2' takes the last
    fenced block of an answer, 'v1' the first. OpenCompass's `num_process_evaluate` is
    `num_workers`. The dates choose problems in the dataset; they change nothing here.
    """

    def __init__(  # noqa: PLR0913 - the keys of OpenCompass's configs, and of `CodeEvaluator`
        self,
        num_process_evaluate: int | None = None,
        timeout: float = 6,
        release_version: str = 'release_v1',
        extractor_version: str = 'v2',
        start_date: str | None = None,
        end_date: str | None = None,
        *,
        path: str = PLACE,
        seconds: float = 1000.0,
        k: int | Sequence[int] = (1, 5, 10),
        memory_mb: int = 4096,
        sandbox: str = 'auto',
        allow_unsafe_code: bool = False,
        num_workers: int | None = None,
    ) -> None:
        super().__init__(
            k,
            memory_mb=memory_mb,
            sandbox=sandbox,
            allow_unsafe_code=allow_unsafe_code,
            num_workers=num_workers or num_process_evaluate,
        )
        if extractor_version not in EXTRACTORS:
            known = ', '.join(EXTRACTORS)
            raise ConfigError(f'extractor_version: {extractor_version!r} is not one of {known}')
        day(start_date, 'start_date')
        day(end_date, 'end_date')
        self.limits = Limits(seconds, timeout, memory_mb)
        self.extract = EXTRACTORS[extractor_version]
        self.path, self.release_version = path, release_version
        self.places: dict[str, tuple[Path, int]] = {}

    def prepare(self, references: Sequence[Any]) -> None:
        """Find the tests of the problems."""
        self.places = find_tests(find_data(self.path), self.release_version, references)

    def program(self, output: Any, reference: Any) -> Program:
        """Put the tests of a problem to the program of an answer."""
        tests, function = read_tests(*self.places[str(reference)])
        cases = tuple(Case(test['input'], test['output']) for test in tests)
        solutions = module_readings(self.extract(str(output)))
        return Program(solutions, prelude=PRELUDE, cases=cases, function=function)
