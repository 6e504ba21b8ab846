"""LAMBADA: the last word of a passage (Paperno et al., https://arxiv.org/abs/1606.06031).

Lines `{"prompt", "label"}` of `test.jsonl`, where the label is the word.
"""

import re
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_jsonl
from evalkit.evaluators import BaseEvaluator, Scores


class LambadaDataset(BaseDataset):
    """Rows with `prompt` and `label`."""

    @staticmethod
    def load(path: str = 'opencompass/lambada') -> dict[str, list[dict[str, Any]]]:
        """Read the split test."""
        return {'test': read_jsonl(find_data(path))}


class LambadaEvaluator(BaseEvaluator):
    """`accuracy`: whether the first word of an output is the right one."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare first words, without the punctuation around them."""
        given = first_word(str(output))
        return {'accuracy': float(given == first_word(str(reference)) != '')}


def first_word(text: str) -> str:
    """Return the first word of a text, with the apostrophes and hyphens inside it."""
    match = re.search(r"\w+(?:['’-]\w+)*", text)
    return match[0].replace('’', "'") if match else ''
