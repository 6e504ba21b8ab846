"""100 arithmetic problems, answered with reasoning and a JSON object.

The file is a LLaMA-Factory dataset in alpaca form (`tools/calc_problems.py` generates it):
`{"instruction": "", "input": <the whole prompt>, "output": <the value>}`.
"""

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_rows


class CalcDataset(BaseDataset):
    """Rows with a `question` (the prompt) and an `answer` (the value, as text)."""

    @staticmethod
    def load(path: str = 'data/calculate.json') -> list[dict[str, str]]:
        """Read an alpaca file."""
        return [
            {
                'question': '\n'.join(filter(None, [row.get('instruction'), row['input']])),
                'answer': str(row['output']),
            }
            for row in read_rows(find_data(path))
        ]
