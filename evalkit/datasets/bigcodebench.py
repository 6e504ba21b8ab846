"""BigCodeBench: functions that call many libraries, with unit tests (Zhuo et al.,
https://arxiv.org/abs/2406.15877).

The folder holds `BigCodeBench-v0.1.2.jsonl`, and `BigCodeBench-Hard-v0.1.2.jsonl` with the harder
ones: lines of `{"task_id", "complete_prompt", "instruct_prompt", "code_prompt", "test",
"entry_point", "libs", ...}`. `test` defines the class `TestCases`; `libs` is a list as Python
writes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.bigcodebench_libraries import (
    Libraries,
    missing_libraries,
    needed_libraries,
)
from evalkit.datasets.files import existing, find_source, read_jsonl
from evalkit.datasets.hub import HubDataset
from evalkit.errors import ConfigError
from evalkit.evaluators import CodeEvaluator, Scores, Unscored
from evalkit.evaluators.readings import function_readings, module_readings
from evalkit.postprocessors.code import first_code
from evalkit.sandbox import Limits, Program, plan_of

PLACE = 'opencompass/bigcodebench'
NAMES = {'full': 'BigCodeBench', 'hard': 'BigCodeBench-Hard'}
FOR_SCORING = ('task_id', 'complete_prompt', 'code_prompt', 'entry_point', 'test', 'libs')
EVAL_TYPES = ('complete', 'instruct')

PRELUDE = (
    "import os, sys\nfrom os import environ\nsys.modules['__test__'] = sys.modules[__name__]\n"
)
"""What the benchmark's own runner has in the module of a program."""

RUN = """

def _run_test_cases():
    import unittest
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(TestCases).run(result)
    wrong = []
    for test, trace in (*result.failures, *result.errors):
        told = [line for line in trace.splitlines()[1:] if line[:1].strip()]
        wrong.append(': '.join([test.id().split('.')[-1], *told[:1]]))
    if wrong:
        raise AssertionError(f'{len(wrong)} of {result.testsRun} tests: {"; ".join(wrong)}')


_run_test_cases()
"""


class BigCodeBenchDataset(BaseDataset):
    """Rows as published, but `test`, which OpenCompass's configs name as the reference, holds all
    that scoring needs.
    """

    @staticmethod
    def load(
        path: str = PLACE, release_version: str = 'v0.1.2', dataset_version: str = 'full'
    ) -> list[dict[str, Any]]:
        """Read the problems of a release, 'full' or 'hard'."""
        if dataset_version not in NAMES:
            known = ', '.join(NAMES)
            raise ConfigError(f'dataset_version: {dataset_version!r} is not one of {known}')
        rows, where = read_problems(path, release_version, dataset_version)
        missing = [name for name in FOR_SCORING if rows and name not in rows[0]]
        if missing:
            raise ConfigError(f'{where}: a problem of BigCodeBench has no {", ".join(missing)}')
        return [{**row, 'test': {name: row[name] for name in FOR_SCORING}} for row in rows]


def read_problems(
    path: str, release_version: str, dataset_version: str
) -> tuple[list[dict[str, Any]], str]:
    """Return the problems, and where they are from."""
    source = find_source(path)
    if isinstance(source, HubDataset):
        name = source.id if dataset_version == 'full' else f'{source.id}-{dataset_version}'
        return replace(source, id=name).rows(release_version), name
    file = find_file(source, f'{NAMES[dataset_version]}-{release_version}')
    return read_jsonl(file), str(file)


def find_file(source: Path, name: str) -> Path:
    """Return the file of a release, which may be packed."""
    if source.is_file():
        return source
    files = [source / f'{name}.jsonl', source / f'{name}.jsonl.gz']
    return existing(files) or files[0]


class BigCodeBenchEvaluator(CodeEvaluator):
    """`pass@1`, and `pass@k` where each problem has k answers or more.

    Programs are run by `python`, or by EVALKIT_PYTHON_BIGCODEBENCH, whose environment has the
    libraries, or else by evalkit's own. A problem whose libraries cannot be imported there is not
    scored. `eval_type` is 'instruct' for whole programs, 'complete' for what goes on after the
    prompt; with `calibrated` the beginning of the function stands before an answer, so that imports
    that it left out are there. OpenCompass's `pass_k` ('1,5,10') is `k`, its `parallel`
    `num_workers`, and its `max_as_limit` (MB) `memory_mb`. Nothing is sent to a server: its
    `remote_execute_api` has no effect, as have its versions.
    """

    def __init__(  # noqa: PLR0913 - the keys of OpenCompass's configs, and of `CodeEvaluator`
        self,
        release_version: str = 'v0.1.2',
        eval_type: str = 'instruct',
        remote_execute_api: str = '',
        dataset_version: str = 'full',
        pass_k: str = '1,5,10',
        parallel: int = -1,
        max_as_limit: int | None = None,
        *,
        python: str | None = None,
        calibrated: bool = False,
        k: int | Sequence[int] | None = None,
        seconds: float = 240.0,
        memory_mb: int = 4096,
        sandbox: str = 'auto',
        allow_unsafe_code: bool = False,
        num_workers: int | None = None,
    ) -> None:
        super().__init__(
            k or [int(size) for size in pass_k.split(',')],
            sandbox=sandbox,
            allow_unsafe_code=allow_unsafe_code,
            num_workers=num_workers or (parallel if parallel > 0 else None),
        )
        if eval_type not in EVAL_TYPES:
            known = ', '.join(EVAL_TYPES)
            raise ConfigError(f'eval_type: {eval_type!r} is not one of {known}')
        self.eval_type, self.calibrated = eval_type, calibrated
        self.limits = Limits(
            seconds, memory_mb=max_as_limit or memory_mb, processes=256, disk_mb=256
        )
        self.libraries = Libraries(python)

    def prepare(self, references: Sequence[Any]) -> None:
        """Import each library that a problem needs once, in the sandbox."""
        names = {name for reference in references for name in needed_libraries(reference)}
        missing = missing_libraries(sorted(names), self.plan(), self.num_workers)
        self.libraries = replace(self.libraries, missing=missing)

    def plan(self) -> dict[str, Any]:
        """Return how programs are run, and by which Python."""
        return plan_of(self.mode, self.limits, self.libraries.environment)

    def score_all(
        self, outputs: Sequence[Any], references: Sequence[Any]
    ) -> Sequence[Scores | Unscored]:
        """Run the programs whose libraries are there."""
        self.choose_sandbox()
        self.prepare(references)
        lacks = [self.libraries.lack(reference) for reference in references]
        pairs = zip(outputs, references, lacks, strict=True)
        runnable = [(output, reference) for output, reference, lack in pairs if not lack]
        scores = iter(self.run_all(*map(list, zip(*runnable, strict=True))) if runnable else ())
        return [Unscored(lack) if lack else next(scores) for lack in lacks]

    def program(self, output: Any, reference: Any) -> Program:
        """Put the unit tests behind the program of an answer."""
        problem: Mapping[str, Any] = reference
        code, name = first_code(str(output)), problem['entry_point']
        if self.eval_type == 'complete':
            solutions = function_readings(problem['complete_prompt'], name, code)
        else:
            solutions = module_readings(code)
        if self.calibrated:
            stub = f'{problem["code_prompt"].rstrip()}\n    pass\n'
            solutions = tuple(f'{stub}{solution}' for solution in solutions)
        return Program(solutions, f'{problem["test"]}{RUN}', prelude=PRELUDE, entry_point=name)
