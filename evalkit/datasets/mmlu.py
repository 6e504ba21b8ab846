"""MMLU: 57 subjects of school, university and profession (Hendrycks et al.,
https://arxiv.org/abs/2009.03300).

`dev/<subject>_dev.csv` (5 rows) and `test/<subject>_test.csv` hold, without a header, the question,
four options and the letter of the right one.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_csv
from evalkit.datasets.hub import HubDataset

COLUMNS = ('input', 'A', 'B', 'C', 'D', 'target')


class MMLUDataset(BaseDataset):
    """Rows with `input`, the options `A` to `D`, and the `target` letter; `name` is the subject."""

    @staticmethod
    def load(path: str, name: str) -> dict[str, list[dict[str, str]]]:
        """Read the dev and the test split of a subject."""
        source = find_source(path)
        return {split: read_split(source, name, split) for split in ('dev', 'test')}


def read_split(source: Path | HubDataset, name: str, split: str) -> list[dict[str, str]]:
    """Read a split of a subject from its file, or from the hub."""
    if isinstance(source, HubDataset):
        return [from_hub(row) for row in source.rows(split, name)]
    return read_csv(source / split / f'{name}_{split}.csv', COLUMNS)


def from_hub(row: Mapping[str, Any]) -> dict[str, str]:
    """Return a row of cais/mmlu, where the answer is a number, as the files have it."""
    cells = (row['question'], *row['choices'], 'ABCD'[row['answer']])
    return dict(zip(COLUMNS, cells, strict=True))
