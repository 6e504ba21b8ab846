"""RACE: reading in English exams of Chinese schools (Lai et al., https://arxiv.org/abs/1704.04683).

`validation/<name>.jsonl` and `test/<name>.jsonl`, with `middle` or `high` as the name, hold lines
`{"article", "question", "options", "answer"}`.
"""

from pathlib import Path
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset


class RaceDataset(BaseDataset):
    """Rows with `article`, `question`, the options `A` to `D` and `answer`."""

    @staticmethod
    def load(path: str, name: str) -> dict[str, list[dict[str, Any]]]:
        """Read the splits validation and test of `name`."""
        source = find_source(path)
        return {
            split: [
                {
                    'article': row['article'],
                    'question': row['question'],
                    **dict(zip('ABCD', row['options'], strict=True)),
                    'answer': row['answer'],
                }
                for row in read_split(source, name, split)
            ]
            for split in ('validation', 'test')
        }


def read_split(source: Path | HubDataset, name: str, split: str) -> list[dict[str, Any]]:
    """Read a split from its file, or from the hub."""
    if isinstance(source, HubDataset):
        return source.rows(split, name)
    return read_jsonl(source / split / f'{name}.jsonl')
