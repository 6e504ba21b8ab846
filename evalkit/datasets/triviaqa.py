"""TriviaQA: questions of quizzes, without their evidence (Joshi et al.,
https://arxiv.org/abs/1705.03551).

`trivia-<split>.qa.csv` have a question and a list of answers, as Python writes it, with a tab
between them; `triviaqa-<split>.jsonl` have lines `{"question", "answer"}`.
"""

from collections.abc import Mapping
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, find_source, read_answer_lists, read_jsonl
from evalkit.datasets.hub import HubDataset
from evalkit.datasets.short_answers import AliasEvaluator

Rows = list[dict[str, Any]]


class TriviaQADataset(BaseDataset):
    """Rows with `question` and `answer`: a list of spellings in dev, the first of them in test."""

    @staticmethod
    def load(path: str = 'opencompass/trivia_qa') -> dict[str, Rows]:
        """Read the splits dev and test."""
        folder = find_data(path)
        dev, test = (read_answer_lists(folder / f'trivia-{split}.qa.csv') for split in SPLITS)
        return {'dev': dev, 'test': [{**row, 'answer': row['answer'][0]} for row in test]}


SPLITS = ('dev', 'test')


class TriviaQADatasetV2(BaseDataset):
    """Rows of the splits train, with one `answer` each for examples, and validation."""

    @staticmethod
    def load(path: str = 'opencompass/trivia_qa') -> dict[str, Rows]:
        """Read both splits."""
        source = find_source(path)
        if isinstance(source, HubDataset):
            train, test = (
                [from_hub(row) for row in source.rows(split, 'rc.nocontext')]
                for split in ('train', 'validation')
            )
        else:
            train, test = (
                read_jsonl(source / f'triviaqa-{split}.jsonl') for split in ('train', 'validation')
            )
        return {'train': [with_one_answer(row) for row in train], 'validation': test}


class TriviaQADatasetV3(BaseDataset):
    """The rows of one .jsonl file."""

    @staticmethod
    def load(path: str) -> Rows:
        """Read a file."""
        return read_jsonl(find_data(path))


class TriviaQAEvaluator(AliasEvaluator):
    """See `AliasEvaluator`."""


def from_hub(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of mandarjoshi/trivia_qa as the files have it."""
    answer = row['answer']
    spellings = dict.fromkeys([answer['value'], *answer['aliases']])
    return {'question': row['question'], 'answer': list(spellings)}


def with_one_answer(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row that can stand as an example."""
    answer = row['answer']
    return {**row, 'answer': answer if isinstance(answer, str) else answer[0]}
