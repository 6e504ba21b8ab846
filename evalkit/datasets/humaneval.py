"""HumanEval: 164 functions to be completed, each with its tests (Chen et al.,
https://arxiv.org/abs/2107.03374).

A line holds `{"task_id", "prompt", "entry_point", "canonical_solution", "test"}`; the prompt is the
beginning of the function, and the test defines `check(candidate)`. OpenCompass keeps it as
`human-eval-v2-20210705.jsonl`, the published file is `HumanEval.jsonl.gz`.
"""

from collections.abc import Mapping
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset
from evalkit.errors import ConfigError
from evalkit.evaluators import CodeEvaluator
from evalkit.evaluators.readings import function_readings
from evalkit.postprocessors.code import first_code, last_code
from evalkit.sandbox import Program

FOR_SCORING = ('task_id', 'prompt', 'entry_point', 'test')


class HumanevalDataset(BaseDataset):
    """Rows as published, but `task_id`, which OpenCompass's configs name as the reference, holds
    all that scoring needs: the id with the prompt, the name of the function and the tests.
    """

    @staticmethod
    def load(path: str = 'opencompass/humaneval') -> list[dict[str, Any]]:
        """Read the problems of a file."""
        source = find_source(path)
        is_hub = isinstance(source, HubDataset)
        rows = source.rows('test') if isinstance(source, HubDataset) else read_jsonl(source)
        missing = [name for name in FOR_SCORING if rows and name not in rows[0]]
        if missing:
            where = path if is_hub else source
            raise ConfigError(f'{where}: a problem of HumanEval has no {", ".join(missing)}')
        return [{**row, 'task_id': {name: row[name] for name in FOR_SCORING}} for row in rows]


def humaneval_postprocess_v2(text: str) -> str:
    """Return the code of an answer: the first fenced block of code, or else all of it."""
    return first_code(text)


def humaneval_postprocess_v3(text: str) -> str:
    """Return the code of an answer: the last fenced block of code, or else all of it."""
    return last_code(text)


class HumanEvalEvaluator(CodeEvaluator):
    """`humaneval_pass@1`, and `humaneval_pass@k` where each problem has k answers or more.

    An answer is the body of the function, or the function again with all that it needs.
    """

    metric = 'humaneval_pass@{k}'

    def program(self, output: Any, reference: Any) -> Program:
        """Put the answer behind the prompt, and call its function by the tests."""
        problem: Mapping[str, str] = reference
        solutions = function_readings(problem['prompt'], problem['entry_point'], str(output))
        return Program(solutions, f'{problem["test"]}\n\ncheck({problem["entry_point"]})\n')
