"""BoolQ: questions of yes or no on a passage (Clark et al., https://arxiv.org/abs/1905.10044).

Lines `{"question", "passage", "label"}` of SuperGLUE's `val.jsonl`; the label is true or false, as
a JSON value or as a text.
"""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset


class BoolQDataset(BaseDataset):
    """Rows with `question`, `passage`, and the `answer` 1 (yes) or 0.

    OpenCompass's configs give `path='json'`, the file as `data_files` and `split='train'`.
    """

    @staticmethod
    def load(
        path: str = 'opencompass/boolq', data_files: str | None = None, split: str | None = None
    ) -> list[dict[str, Any]]:
        """Read a file; it has one split, whatever `split` calls it."""
        rows = read_file(data_files or path)
        return [{**row, 'answer': int(row['label'] == 'true')} for row in rows]


class BoolQDatasetV2(BaseDataset):
    """Rows whose `label` is 'A' (yes) or 'B'."""

    @staticmethod
    def load(path: str = 'opencompass/boolq') -> list[dict[str, Any]]:
        """Read a file."""
        letters = {'true': 'A', 'false': 'B'}
        return [{**row, 'label': letters[row['label']]} for row in read_file(path)]


class BoolQDatasetV3(BaseDataset):
    """Rows without the title of the passage, and with a capital at the start of the question."""

    @staticmethod
    def load(path: str = 'opencompass/boolq') -> list[dict[str, Any]]:
        """Read a file."""
        return [
            {
                **row,
                'passage': row['passage'].partition(' -- ')[2],
                'question': row['question'][:1].upper() + row['question'][1:],
            }
            for row in read_file(path)
        ]


def read_file(path: str) -> list[dict[str, Any]]:
    """Read the rows, with labels as texts; the hub calls them `answer`."""
    source = find_source(path)
    if isinstance(source, HubDataset):
        rows = [{**row, 'label': row['answer']} for row in source.rows('validation')]
    else:
        rows = read_jsonl(source)
    return [{**row, 'label': str(row['label']).lower()} for row in rows]
