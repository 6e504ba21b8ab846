"""PIQA: how things are done in the physical world (Bisk et al., https://arxiv.org/abs/1911.11641).

Lines `{"goal", "sol1", "sol2"}` in `train.jsonl` and `dev.jsonl`, and a 0 or 1 for each in
`train-labels.lst` and `dev-labels.lst`.
"""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_labelled

Splits = dict[str, list[dict[str, Any]]]


class PIQADataset(BaseDataset):
    """Rows with `goal`, `sol1`, `sol2` and the `label` 0 or 1."""

    @staticmethod
    def load(path: str = 'opencompass/piqa') -> Splits:
        """Read the splits train and validation."""
        folder = find_data(path)
        return {
            split: read_labelled(folder / f'{stem}.jsonl', folder / f'{stem}-labels.lst')
            for split, stem in (('train', 'train'), ('validation', 'dev'))
        }


class PIQADatasetV2(BaseDataset):
    """Rows with an `answer`, 'A' or 'B', in place of the label."""

    @staticmethod
    def load(path: str = 'opencompass/piqa') -> Splits:
        """Read the splits train and validation."""
        return {
            split: [{**row, 'answer': {0: 'A', 1: 'B'}.get(row['label'], 'NULL')} for row in rows]
            for split, rows in PIQADataset.load(path).items()
        }


class PIQADatasetV3(BaseDataset):
    """Rows whose goal begins with a capital, and whose solutions go on from it."""

    @staticmethod
    def load(path: str = 'opencompass/piqa') -> Splits:
        """Read the splits train and validation."""
        return {
            split: [as_sentences(row) for row in rows]
            for split, rows in PIQADataset.load(path).items()
        }


def as_sentences(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose solutions begin a sentence only where the goal ends one."""
    goal = row['goal'][:1].upper() + row['goal'][1:]
    begin = str.upper if goal.endswith(('?', '.')) else str.lower
    solutions = {key: begin(row[key][:1]) + row[key][1:] for key in ('sol1', 'sol2')}
    return {**row, 'goal': goal, **solutions}
