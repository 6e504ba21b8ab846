"""Natural Questions: what people asked a search engine (Kwiatkowski et al.,
https://doi.org/10.1162/tacl_a_00276), in the open form of Lee et al.
(https://arxiv.org/abs/1906.00300).

`nq-<split>.qa.csv` have a question and a list of answers, as Python writes it, with a tab between
them; `nq-open-<split>.jsonl` have lines `{"question", "answer"}` with a list.
"""

from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, find_source, read_answer_lists, read_jsonl
from evalkit.datasets.hub import HubDataset
from evalkit.datasets.short_answers import AliasEvaluator

Rows = list[dict[str, Any]]


class NaturalQuestionDataset(BaseDataset):
    """Rows with `question` and `answer`: one text in dev, a list of spellings in test."""

    @staticmethod
    def load(path: str = 'opencompass/natural_question') -> dict[str, Rows]:
        """Read the splits dev and test."""
        folder = find_data(path)
        dev, test = (read_answer_lists(folder / f'nq-{name}.qa.csv') for name in ('dev', 'test'))
        return {'dev': [with_one_answer(row) for row in dev], 'test': test}


class NQOpenDataset(BaseDataset):
    """Rows of the splits train, with one `answer` each for examples, and validation."""

    @staticmethod
    def load(path: str = 'opencompass/nq_open') -> dict[str, Rows]:
        """Read both splits."""
        source = find_source(path)
        train, test = (
            source.rows(split)
            if isinstance(source, HubDataset)
            else read_jsonl(source / f'nq-open-{split}.jsonl')
            for split in ('train', 'validation')
        )
        return {'train': [with_one_answer(row) for row in train], 'validation': test}


class NQEvaluator(AliasEvaluator):
    """See `AliasEvaluator`."""


def with_one_answer(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row that can stand as an example."""
    return {**row, 'answer': row['answer'][0]}
