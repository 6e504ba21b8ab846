"""MBPP: 974 small Python problems in words, each with three assertions (Austin et al.,
https://arxiv.org/abs/2108.07732), and the 427 of them that were checked by hand ("sanitized").

`mbpp.jsonl` holds `{"task_id", "text", "code", "test_list", "test_setup_code", ...}`; rows 11 to
510 are the test split. `sanitized-mbpp.jsonl` holds `{"task_id", "prompt", "code", "test_imports",
"test_list", ...}`, of which 257 are the test split, after 7 for worked examples.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_json_list, read_jsonl
from evalkit.datasets.hub import HubDataset
from evalkit.errors import ConfigError
from evalkit.evaluators import CodeEvaluator
from evalkit.evaluators.readings import module_readings
from evalkit.postprocessors.code import tagged_code
from evalkit.sandbox import Program

Row = dict[str, Any]


class MBPPDataset(BaseDataset):
    """Rows with `text`, `test_list` as one text, and what is run: `test_list_2`, or `test_column`
    with the task's id.
    """

    path: ClassVar[str] = 'opencompass/mbpp'
    subset: ClassVar[str] = 'full'
    splits: ClassVar[Mapping[str, tuple[int, int]]] = {'train': (0, 10), 'test': (10, 510)}

    @classmethod
    def load(cls, path: str | None = None) -> dict[str, list[Row]]:
        """Read both splits of a file."""
        source = find_source(path or cls.path)
        if isinstance(source, HubDataset):
            names = {'train': 'prompt', 'test': 'test'}
            found = {split: source.rows(name, cls.subset) for split, name in names.items()}
        else:
            rows = read_problems(source)
            found = {split: rows[start:end] for split, (start, end) in cls.splits.items()}
        return {split: [as_row(row) for row in rows] for split, rows in found.items()}


class MBPPDatasetV2(MBPPDataset):
    """OpenCompass's name for the same rows, asked several times."""


class SanitizedMBPPDataset(MBPPDataset):
    """The problems that were checked by hand."""

    path = 'opencompass/sanitized_mbpp'
    subset = 'sanitized'
    splits: ClassVar[Mapping[str, tuple[int, int]]] = {'train': (0, 7), 'test': (7, 264)}


def read_problems(path: Path) -> list[Row]:
    """Read an object a line, or a list of them, as the sanitized problems are published."""
    return read_json_list(path) if path.suffix == '.json' else read_jsonl(path)


def as_row(problem: Row) -> Row:
    """Return a problem under the names that OpenCompass's configs use.

    What the tests need before them (classes, imports) is run, too; there it is left out.
    """
    tests: Sequence[str] = problem['test_list']
    setup = [problem.get('test_setup_code') or '', *(problem.get('test_imports') or ())]
    run = '\n'.join([*filter(None, setup), *tests])
    return {
        **problem,
        'text': problem.get('text') or problem.get('prompt'),
        'test_case': list(tests),
        'test_list': '\n'.join(tests),
        'test_list_2': run,
        'test_column': {'test_list_2': run, 'task_id': problem['task_id']},
    }


class MBPPEvaluator(CodeEvaluator):
    """`score`: the share of the programs that pass their assertions.

    An answer is a program in a fenced block, or between `[BEGIN]` and `[DONE]`, or by itself.
    """

    metric = 'score'

    def __init__(
        self,
        metric: str = 'MBPP',
        *,
        k: int | Sequence[int] = (1, 10, 100),
        seconds: float = 10.0,
        memory_mb: int = 1024,
        sandbox: str = 'auto',
        allow_unsafe_code: bool = False,
        num_workers: int | None = None,
    ) -> None:
        if metric != 'MBPP':
            raise ConfigError(f"MBPPEvaluator: metric is 'MBPP'; {metric!r} is not supported")
        super().__init__(
            k,
            seconds=seconds,
            memory_mb=memory_mb,
            sandbox=sandbox,
            allow_unsafe_code=allow_unsafe_code,
            num_workers=num_workers,
        )

    def program(self, output: Any, reference: Any) -> Program:
        """Take the program out of the answer; the assertions are the reference."""
        tests = reference['test_list_2'] if isinstance(reference, Mapping) else str(reference)
        return Program(module_readings(tagged_code(str(output))), tests)


class MBPPPassKEvaluator(MBPPEvaluator):
    """`pass@1`, and `pass@k` where each problem has k answers or more."""

    metric = 'pass@{k}'
