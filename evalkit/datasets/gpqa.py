"""GPQA: questions that a search does not answer (Rein et al., https://arxiv.org/abs/2311.12022).

`gpqa_diamond.csv` and its like have the columns Question, Correct Answer and Incorrect Answer 1 to
3 among others. The authors ask not to publish the questions in plain text.
"""

import random
import re
from collections.abc import Sequence
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_csv
from evalkit.evaluators import BaseEvaluator, Scores

ORDERS = ('ABCD', 'BCDA', 'CDAB', 'DABC')
"""Where the options go, by the number of the question, so that no letter is right too often."""

NUM_REPEATS = 4

Row = dict[str, Any]


class GPQADataset(BaseDataset):
    """Rows with `question`, the options `A` to `D`, and `answer`, in OpenCompass's order."""

    @staticmethod
    def load(path: str, name: str) -> list[Row]:
        """Read the file `name` of a folder."""
        rows = read_options(path, name)
        return [
            in_order(question, options, ['ABCD'.index(each) for each in ORDERS[number % 4]])
            for number, (question, options) in enumerate(rows, 1)
        ]


class GPQASimpleEvalDataset(BaseDataset):
    """Each question four times with its options shuffled, as in OpenAI's simple-evals."""

    @staticmethod
    def load(path: str, name: str) -> list[Row]:
        """Read the file `name` of a folder."""
        rng = random.Random(0)
        rows = read_options(path, name) * NUM_REPEATS
        return [in_order(question, options, rng.sample(range(4), 4)) for question, options in rows]


class GPQAEvaluator(BaseEvaluator):
    """`accuracy`: whether both letters are the same."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare two letters; none is never right."""
        return {'accuracy': float(output == reference and bool(output))}


def read_options(path: str, name: str) -> list[tuple[str, list[str]]]:
    """Return each question with its options, the right one first."""
    wrong = [f'Incorrect Answer {number}' for number in (1, 2, 3)]
    return [
        (row['Question'], [row[column] for column in ('Correct Answer', *wrong)])
        for row in read_csv(find_data(path) / name)
    ]


def in_order(question: str, options: Sequence[str], order: Sequence[int]) -> Row:
    """Return a row whose options stand in this order; the right one is number 0."""
    shown = {letter: options[number] for letter, number in zip('ABCD', order, strict=True)}
    return {'question': question, **shown, 'answer': 'ABCD'[order.index(0)]}


def gpqa_simple_eval_postprocess(text: str) -> str:
    """Return the letter of the last 'ANSWER: X', or ''."""
    found = re.findall(r'(?i:answer)\W{0,9}?:\W{0,9}?([A-D])\b', text)
    return str(found[-1]) if found else ''
