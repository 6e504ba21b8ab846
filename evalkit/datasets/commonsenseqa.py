"""CommonsenseQA: questions that need to know the world (Talmor et al.,
https://arxiv.org/abs/1811.00937).

Lines `{"question": {"stem", "choices": [{"label", "text"}]}, "answerKey"}` in
`train_rand_split.jsonl` and `dev_rand_split.jsonl`.
"""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset

FILES = {'train': 'train_rand_split.jsonl', 'validation': 'dev_rand_split.jsonl'}

LETTERS = 'ABCDE'


class CommonsenseQADataset(BaseDataset):
    """Rows with `question`, the options `A` to `E` and `answerKey`."""

    @staticmethod
    def load(path: str = 'opencompass/commonsense_qa') -> dict[str, list[dict[str, Any]]]:
        """Read the splits train and validation."""
        source = find_source(path)
        if isinstance(source, HubDataset):
            return {
                split: [
                    row_of(row['question'], row['choices']['text'], row['answerKey'])
                    for row in source.rows(split)
                ]
                for split in FILES
            }
        return {
            split: [
                row_of(
                    row['question']['stem'],
                    [choice['text'] for choice in row['question']['choices']],
                    row['answerKey'],
                )
                for row in read_jsonl(source / file)
            ]
            for split, file in FILES.items()
        }


def row_of(question: str, options: list[str], answer: str) -> dict[str, Any]:
    """Return a row with options by their letters."""
    return {
        'question': question,
        **dict(zip(LETTERS, options, strict=True)),
        'answerKey': answer,
    }
