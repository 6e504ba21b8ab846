"""Datasets of the tests' own, in shapes that the shipped ones do not have."""

from collections.abc import Iterator
from typing import Any

from evalkit.datasets import BaseDataset


class SplitDataset(BaseDataset):
    """A dataset with two splits, of which the first holds the examples."""

    @staticmethod
    def load(num_rows: int = 2) -> dict[str, list[dict[str, Any]]]:
        return {
            'dev': [{'q': f'dev {number}', 'a': 'd'} for number in range(num_rows)],
            'validation': [{'q': f'val {number}', 'a': 'v'} for number in range(num_rows)],
        }


class StreamedDataset(BaseDataset):
    """A dataset whose rows can be read once only."""

    @staticmethod
    def load() -> Iterator[dict[str, str]]:
        return ({'q': str(number), 'a': str(number)} for number in range(3))
