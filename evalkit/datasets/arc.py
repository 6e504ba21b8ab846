"""ARC: questions of school science, easy and challenging (Clark et al.,
https://arxiv.org/abs/1803.05457).

Lines such as `{"question": {"stem", "choices": [{"text", "label"}]}, "answerKey"}`.
"""

from collections.abc import Mapping
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset

LETTERS = 'ABCD'


class ARCDataset(BaseDataset):
    """Rows with `question`, `textA` to `textD` and `answerKey`.

    The few questions that have not four options are left out, as in OpenCompass.
    """

    @staticmethod
    def load(path: str, name: str | None = None) -> list[dict[str, str]]:
        """Read a file, or the part `name` of the hub."""
        source = find_source(path)
        if isinstance(source, HubDataset):
            split = 'validation' if path.endswith('dev') else 'test'
            rows = [from_hub(row) for row in source.rows(split, name)]
        else:
            rows = read_jsonl(source)
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


def from_hub(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of allenai/ai2_arc as the files have it."""
    texts, labels = row['choices']['text'], row['choices']['label']
    choices = [{'text': text, 'label': label} for text, label in zip(texts, labels, strict=True)]
    return {
        'question': {'stem': row['question'], 'choices': choices},
        'answerKey': row['answerKey'],
    }
