"""SimpleQA: short facts (Wei et al., https://arxiv.org/abs/2411.04368).

`simple_qa_test_set.csv` holds 4,326 rows with the columns `metadata`, `problem` and `answer`.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_csv
from evalkit.evaluators import Metric, Scores, Verdicts, mean_metric, ratio_metric
from evalkit.evaluators.verdicts import CORRECT, INCORRECT


class SimpleQADataset(BaseDataset):
    """Rows with `problem` and `answer`; `num_examples` draws that many, always the same."""

    @staticmethod
    def load(
        path: str = 'opencompass/simpleqa', num_examples: int | None = None
    ) -> list[dict[str, Any]]:
        """Read the file."""
        rows = read_csv(find_data(path))
        return random.Random(0).sample(rows, num_examples) if num_examples else rows


class SimpleQAVerdicts(Verdicts):
    """A is CORRECT, B INCORRECT, C NOT_ATTEMPTED.

    `accuracy` is the share of right answers, `accuracy_given_attempted` that among the answers
    that were attempted, and `f1` the harmonic mean of both.
    """

    labels: Mapping[str, Sequence[str]] = {
        'A': CORRECT,
        'B': INCORRECT,
        'C': ('NOT_ATTEMPTED', 'NOT ATTEMPTED', '未尝试'),
    }

    def scores(self, label: str) -> Scores:
        """Return whether the answer is right, and whether there is one."""
        return {self.metric_name: float(label == 'A'), 'attempted': float(label != 'C')}

    def aggregate(self, scores: Sequence[Scores], clusters: Sequence[int]) -> dict[str, Metric]:
        """Return the shares of right answers among all and among the attempted ones."""
        right = [score[self.metric_name] for score in scores]
        attempted = [score['attempted'] for score in scores]
        return {
            self.metric_name: mean_metric(right, clusters),
            'accuracy_given_attempted': ratio_metric(zip(right, attempted, strict=True), clusters),
            # 2pq / (p + q), where p = right / all and q = right / attempted.
            'f1': ratio_metric(
                [(2 * one, other + 1) for one, other in zip(right, attempted, strict=True)],
                clusters,
            ),
            'attempted': mean_metric(attempted, clusters),
        }


def simpleqa_postprocess() -> Verdicts:
    """Return how the verdicts of SimpleQA are read (OpenCompass's name)."""
    return SimpleQAVerdicts()
