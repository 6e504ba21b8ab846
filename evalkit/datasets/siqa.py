"""SocialIQA: why people do things, and what they feel (Sap et al.,
https://arxiv.org/abs/1904.09728).

Lines `{"context", "question", "answerA", "answerB", "answerC"}` in `train.jsonl` and `dev.jsonl`,
and a number from 1 to 3 for each in `train-labels.lst` and `dev-labels.lst`.
"""

from collections.abc import Callable
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_labelled

Row = dict[str, Any]


class SiqaDataset(BaseDataset):
    """Rows with `context`, `question`, `answerA` to `answerC` and the `label` 1 to 3."""

    @staticmethod
    def load(path: str = 'opencompass/siqa') -> dict[str, list[Row]]:
        """Read the splits train and validation."""
        return read_splits(path, dict)


class SiqaDatasetV2(BaseDataset):
    """Rows whose `label` is a letter; `all_labels` has the ways to write each answer."""

    @staticmethod
    def load(path: str = 'opencompass/siqa') -> dict[str, list[Row]]:
        """Read the splits train and validation."""
        return read_splits(path, with_candidates)


class SiqaDatasetV3(BaseDataset):
    """Rows with the options `A` to `C` and an `answer` letter."""

    @staticmethod
    def load(path: str = 'opencompass/siqa') -> dict[str, list[Row]]:
        """Read the splits train and validation."""
        return read_splits(path, with_options)


def read_splits(path: str, change: Callable[[Row], Row]) -> dict[str, list[Row]]:
    """Read both splits, and change each row."""
    folder = find_data(path)
    return {
        split: [
            change(row)
            for row in read_labelled(folder / f'{stem}.jsonl', folder / f'{stem}-labels.lst')
        ]
        for split, stem in (('train', 'train'), ('validation', 'dev'))
    }


def with_candidates(row: Row) -> Row:
    """Return a row with what may be written for each option."""
    candidates = [
        [f'{letter}. {row[f"answer{letter}"]}', letter, row[f'answer{letter}']] for letter in 'ABC'
    ]
    labels = {'candidates': candidates, 'label': row['label'] - 1}
    return {**row, 'all_labels': labels, 'label': 'ABC'[row['label'] - 1]}


def with_options(row: Row) -> Row:
    """Return a row with options by their letters."""
    return {
        'context': row['context'],
        'question': row['question'],
        **{letter: row[f'answer{letter}'] for letter in 'ABC'},
        'answer': 'ABC'[row['label'] - 1],
    }
