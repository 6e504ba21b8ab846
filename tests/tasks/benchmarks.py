"""A dataset whose rows JSON does not know."""

from typing import Any

from evalkit.datasets import BaseDataset


class OddDataset(BaseDataset):
    """The second reference is a set."""

    @staticmethod
    def load() -> list[dict[str, Any]]:
        return [{'q': '0+0', 'a': '0'}, {'q': '1+1', 'a': {'2'}}]
