"""ARC: questions of school science, easy and challenging (Clark et al.,
https://arxiv.org/abs/1803.05457).

Lines such as `{"question": {"stem", "choices": [{"text", "label"}]}, "answerKey"}`.
"""

from collections.abc import Mapping
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_jsonl

LETTERS = 'ABCD'


class ARCDataset(BaseDataset):
    """Rows with `question`, `textA` to `textD` and `answerKey`.

    The few questions that have not four options are left out, as in OpenCompass.
    """

    @staticmethod
    def load(path: str, name: str | None = None) -> list[dict[str, str]]:
        """Read a file; `name` only says which part of ARC it is."""
        rows = read_jsonl(find_data(path))
        return [row_of(raw) for raw in rows if len(raw['question']['choices']) == len(LETTERS)]


def row_of(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return a row with letters, also where the options are numbered from 1 to 4."""
    choices = raw['question']['choices']
    labels = [choice['label'] for choice in choices]
    return {
        'question': raw['question']['stem'],
        'answerKey': LETTERS[labels.index(raw['answerKey'])],
        **{f'text{letter}': each['text'] for letter, each in zip(LETTERS, choices, strict=True)},
    }
