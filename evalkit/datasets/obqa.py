"""OpenBookQA: questions on a small book of science facts (Mihaylov et al.,
https://arxiv.org/abs/1809.02789).

Lines `{"question": {"stem", "choices": [{"text", "label"}]}, "answerKey"}`; those of the folder
Additional have `fact1`, the fact that helps.
"""

from collections.abc import Mapping
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_jsonl


class OBQADataset(BaseDataset):
    """Rows with `question_stem`, the options `A` to `D`, `answerKey`, and perhaps `fact1`."""

    @staticmethod
    def load(path: str, name: str = 'main') -> list[dict[str, Any]]:
        """Read a file; `name` only says which folder it is from."""
        return [row_of(raw) for raw in read_jsonl(find_data(path))]


class OBQADatasetV2(BaseDataset):
    """Rows whose stems are all questions: one that is not ends in 'what?'."""

    @staticmethod
    def load(path: str, name: str = 'main') -> list[dict[str, Any]]:
        """Read a file; `name` only says which folder it is from."""
        return [as_question(row) for row in OBQADataset.load(path)]


def row_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with options by their letters."""
    options = [choice['text'] for choice in raw['question']['choices']]
    return {
        'question_stem': raw['question']['stem'],
        **dict(zip('ABCD', options, strict=True)),
        'answerKey': raw['answerKey'],
        **({'fact1': raw['fact1']} if 'fact1' in raw else {}),
    }


def as_question(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose stem ends in a question mark."""
    stem = row['question_stem']
    return row if stem.endswith('?') else {**row, 'question_stem': f'{stem} what?'}
