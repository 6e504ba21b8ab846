"""MATH: competition problems with worked solutions (Hendrycks et al.,
https://arxiv.org/abs/2103.03874), and the 500 of them that Lightman et al. test with
(https://arxiv.org/abs/2305.20050).

`math.json` maps numbers to `{"problem", "level", "type", "solution"}`, where the solution has its
answer in a box; `test_prm800k_500.jsonl` has such lines, and is read by `CustomDataset`.
"""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_json
from evalkit.evaluators import MATHVerifyEvaluator
from evalkit.evaluators.math_answer import final_answer
from evalkit.postprocessors.final_number import boxed


class MATHDataset(BaseDataset):
    """Rows with `problem` and the boxed answer as `solution`; train and test are the same rows."""

    @staticmethod
    def load(
        path: str = 'opencompass/math', file_name: str = 'math.json'
    ) -> dict[str, list[dict[str, Any]]]:
        """Read a file of a folder."""
        rows = [
            {**row, 'solution': answer_of(row['solution'])}
            for row in read_json(find_data(path) / file_name).values()
        ]
        return {'train': rows, 'test': rows}


def answer_of(solution: str) -> str:
    """Return what the last box of a solution holds; one without a box comes back whole."""
    _, mark, rest = solution.rpartition('\\boxed')
    return boxed(rest, 0) if mark else solution


class MATHEvaluator(MATHVerifyEvaluator):
    """OpenCompass's older evaluator, by its name: math-verify tells more forms apart.

    `version` ('v1' or 'v2', how spellings were compared there) is accepted and has no effect.
    """

    def __init__(self, version: str = 'v1', seconds: float = 10.0) -> None:
        super().__init__(seconds)


def math_postprocess(text: str) -> str:
    """Return the answer that a solution states, or ''."""
    return final_answer(text) or ''
