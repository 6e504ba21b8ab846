"""CMMLU: 67 subjects in Chinese, many of them of China alone (Li et al.,
https://arxiv.org/abs/2306.09212).

`dev/<subject>.csv` (5 rows) and `test/<subject>.csv` have a header of a row number without a name,
Question, A, B, C, D and Answer.
"""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_csv


class CMMLUDataset(BaseDataset):
    """Rows with `question`, `A` to `D` and `answer`; `name` is the subject."""

    @staticmethod
    def load(path: str, name: str) -> dict[str, list[dict[str, Any]]]:
        """Read the dev and the test split of a subject."""
        folder = find_data(path)
        return {
            split: [
                {
                    'question': row['Question'],
                    **{letter: row[letter] for letter in 'ABCD'},
                    'answer': row['Answer'],
                }
                for row in read_csv(folder / split / f'{name}.csv')
            ]
            for split in ('dev', 'test')
        }
