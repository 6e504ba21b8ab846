"""C-Eval: 52 subjects of Chinese schools and professions (Huang et al.,
https://arxiv.org/abs/2305.08322).

`dev`, `val` and `test` hold `<subject>_<split>.csv` with a header of id, question, A, B, C, D and
answer; dev also has an explanation, and the answers of test are not published.
"""

from pathlib import Path
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_csv
from evalkit.datasets.hub import HubDataset


class CEvalDataset(BaseDataset):
    """Rows with `question`, `A` to `D`, `answer` and `explanation`; `name` is the subject."""

    @staticmethod
    def load(path: str, name: str, local_mode: bool = False) -> dict[str, list[dict[str, Any]]]:
        """Read the three splits of a subject; `local_mode` has no effect (OpenCompass)."""
        source = find_source(path)
        return {split: read_split(source, name, split) for split in ('dev', 'val', 'test')}


def read_split(source: Path | HubDataset, name: str, split: str) -> list[dict[str, Any]]:
    """Read a split of a subject; what is not published is empty."""
    if isinstance(source, HubDataset):
        rows = source.rows(split, name)
    else:
        rows = read_csv(source / split / f'{name}_{split}.csv')
    return [{'explanation': '', 'answer': '', **row} for row in rows]
