"""GSM8K: grade school word problems (Cobbe et al., https://arxiv.org/abs/2110.14168).

`train.jsonl` (7,473) and `test.jsonl` (1,319) hold `{"question", "answer"}`; an answer is a worked
solution that ends in `#### ` and the number.
"""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset
from evalkit.evaluators import BaseEvaluator, Scores
from evalkit.postprocessors import final_number, quantity

TOLERANCE = 1e-6


class GSM8KDataset(BaseDataset):
    """Rows with a `question` and an `answer`, which is the whole solution."""

    @staticmethod
    def load(path: str = 'opencompass/gsm8k') -> dict[str, list[dict[str, Any]]]:
        """Read both splits of a folder."""
        source = find_source(path)
        if isinstance(source, HubDataset):
            return {split: source.rows(split, 'main') for split in ('train', 'test')}
        return {split: read_jsonl(source / f'{split}.jsonl') for split in ('train', 'test')}


def gsm8k_dataset_postprocess(text: str) -> str:
    """Return the number at the end of a solution."""
    return text.rpartition('####')[2].strip().replace(',', '')


def gsm8k_postprocess(text: str) -> str:
    """Return the number that an output gives as its answer, or ''."""
    return final_number(text)


class Gsm8kEvaluator(BaseEvaluator):
    """`accuracy`: whether both are the same number, to within a millionth (OpenCompass)."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare the values, however they are written."""
        given, wanted = quantity(str(output)), quantity(str(reference))
        if given is None or wanted is None:
            return {'accuracy': float(str(output) == str(reference) != '')}
        return {'accuracy': float(abs(given - wanted) < TOLERANCE)}
