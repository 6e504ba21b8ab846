"""AIME: the American Invitational Mathematics Examination, whose answers are from 0 to 999.

`aime.jsonl` (2024) holds 30 rows `{"origin_prompt", "gold_answer"}`; `aime2025.jsonl` has rows with
`question` and `answer`, and is read by `CustomDataset`. Both years of the exam are published at
https://artofproblemsolving.com/wiki/index.php/AIME_Problems_and_Solutions.
"""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_jsonl


class Aime2024Dataset(BaseDataset):
    """Rows with `question` and `answer`."""

    @staticmethod
    def load(path: str = 'opencompass/aime2024') -> list[dict[str, Any]]:
        """Read the file."""
        return [
            {**row, 'question': row['origin_prompt'], 'answer': str(row['gold_answer'])}
            for row in read_jsonl(find_data(path))
        ]
