"""A dataset of your own: any .jsonl, .json or .csv file, one row a sample."""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_rows


class CustomDataset(BaseDataset):
    """The rows of a file, as they are: a prompt template names its columns.

    `path` is the file, or its folder where `file_name` names the file (OpenCompass's spelling).
    """

    @staticmethod
    def load(path: str, file_name: str | None = None) -> list[dict[str, Any]]:
        """Read the rows of `path`."""
        return read_rows(find_data(f'{path}/{file_name}' if file_name else path))
