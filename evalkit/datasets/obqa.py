"""OpenBookQA: questions on a small book of science facts (Mihaylov et al.,
https://arxiv.org/abs/1809.02789).

Lines `{"question": {"stem", "choices": [{"text", "label"}]}, "answerKey"}`; those of the folder
Additional have `fact1`, the fact that helps.
"""

from collections.abc import Mapping
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset


class OBQADataset(BaseDataset):
    """Rows with `question_stem`, the options `A` to `D`, `answerKey`, and perhaps `fact1`."""

    @staticmethod
    def load(path: str, name: str = 'main') -> list[dict[str, Any]]:
        """Read a file; `name` is which folder it is from, and the part of the hub."""
        source = find_source(path)
        if isinstance(source, HubDataset):
            return [from_hub(row) for row in source.rows('test', name)]
        return [row_of(raw) for raw in read_jsonl(source)]


class OBQADatasetV2(BaseDataset):
    """Rows whose stems are all questions: one that is not ends in 'what?'."""

    @staticmethod
    def load(path: str, name: str = 'main') -> list[dict[str, Any]]:
        """Read a file; `name` only says which folder it is from."""
        return [as_question(row) for row in OBQADataset.load(path, name)]


def row_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with options by their letters."""
    options = [choice['text'] for choice in raw['question']['choices']]
    return {
        'question_stem': raw['question']['stem'],
        **dict(zip('ABCD', options, strict=True)),
        'answerKey': raw['answerKey'],
        **({'fact1': raw['fact1']} if 'fact1' in raw else {}),
    }


def from_hub(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of allenai/openbookqa with options by their letters."""
    return {
        'question_stem': row['question_stem'],
        **dict(zip('ABCD', row['choices']['text'], strict=True)),
        'answerKey': row['answerKey'],
        **({'fact1': row['fact1']} if 'fact1' in row else {}),
    }


def as_question(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose stem ends in a question mark."""
    stem = row['question_stem']
    return row if stem.endswith('?') else {**row, 'question_stem': f'{stem} what?'}
