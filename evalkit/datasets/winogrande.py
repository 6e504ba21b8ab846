"""WinoGrande: whom or what a gap means (Sakaguchi et al., https://arxiv.org/abs/1907.10641).

Lines of `dev.jsonl` and `train_xs.jsonl`: `{"sentence", "option1", "option2", "answer"}`, where the
sentence has a `_` and the answer is '1' or '2'.
"""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset

HUB = {'dev': ('validation', 'winogrande_xs'), 'train_xs': ('train', 'winogrande_xs')}


class WinograndeDataset(BaseDataset):
    """Rows with both sentences, `opt1` and `opt2`, and the `answer` '1' or '2'.

    `prompt` is the sentence with its gap and `cont` what stands after it.
    """

    @staticmethod
    def load(path: str = 'opencompass/winogrande') -> list[dict[str, Any]]:
        """Read the dev split."""
        return read_split(path, 'dev')


class WinograndeDatasetV2(BaseDataset):
    """Rows whose `answer` is 'A' or 'B'."""

    @staticmethod
    def load(path: str = 'opencompass/winogrande') -> list[dict[str, Any]]:
        """Read the dev split."""
        return [with_letter(row) for row in read_split(path, 'dev')]


class WinograndeDatasetV3(BaseDataset):
    """The rows of `WinograndeDatasetV2` in the splits train_xs (for examples) and dev."""

    @staticmethod
    def load(path: str = 'opencompass/winogrande') -> dict[str, list[dict[str, Any]]]:
        """Read both splits."""
        return {
            split: [with_letter(row) for row in read_split(path, split)]
            for split in ('train_xs', 'dev')
        }


def read_split(path: str, split: str) -> list[dict[str, Any]]:
    """Read a split with both sentences of each row."""
    source = find_source(path)
    if isinstance(source, HubDataset):
        rows = source.rows(*HUB[split])
    else:
        rows = read_jsonl(source / f'{split}.jsonl')
    return [
        {
            'prompt': row['sentence'],
            'only_option1': row['option1'],
            'only_option2': row['option2'],
            'opt1': row['sentence'].replace('_', row['option1']),
            'opt2': row['sentence'].replace('_', row['option2']),
            'answer': row['answer'],
            'cont': row['sentence'].split('_')[1],
        }
        for row in rows
    ]


def with_letter(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with a letter as its answer; one that is not published is 'NULL'."""
    return {**row, 'answer': {'1': 'A', '2': 'B'}.get(row['answer'], 'NULL')}
