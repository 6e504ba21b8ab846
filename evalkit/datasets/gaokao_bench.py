"""GAOKAO-Bench: the choice questions of China's college entrance exams, 2010 to 2022 (Zhang et al.,
https://arxiv.org/abs/2305.12474).

`Multiple-choice_Questions/<name>.json` holds `{"example": [{"question", "answer": ["A", ...]}]}`,
with an answer for each of the questions on one text.
"""

import re
from collections.abc import Sequence
from typing import Any

from evalkit.config import did_you_mean
from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_json
from evalkit.errors import ConfigError, TaskError
from evalkit.evaluators import BaseEvaluator, Metric, Scores
from evalkit.postprocessors import first_option_postprocess

MARK = '【答案】'

QUESTION_TYPES = ('single_choice', 'multi_choice', 'multi_question_choice', 'five_out_of_seven')

ALL_TYPES = (*QUESTION_TYPES, 'cloze', 'subjective', 'correction')
"""The last three have texts as answers."""


class GaokaoBenchDataset(BaseDataset):
    """Rows with `question` and `answer`, a list of letters."""

    @staticmethod
    def load(path: str, filename: str, name: str) -> list[dict[str, Any]]:
        """Read the file `filename`, which is relative to `path`; `name` is what it is called."""
        file = read_json(find_data(f'{path}/{filename.strip("/")}'))
        rows: list[dict[str, Any]] = file['example']
        return rows


class GaokaoBenchEvaluator(BaseEvaluator):
    """`score`: the share of the questions that are right, over all texts, as in the paper.

    A physics question with several right letters (`multi_choice`) gives half for some of them.
    Questions with texts as answers are no 0, as in OpenCompass, but an error that asks for a judge.
    """

    def __init__(self, question_type: str) -> None:
        if question_type not in ALL_TYPES:
            known = f'; there is {", ".join(ALL_TYPES)}'
            hint = did_you_mean(question_type, ALL_TYPES, otherwise=known)
            raise ConfigError(f'GaokaoBenchEvaluator has no question_type {question_type!r}{hint}')
        self.question_type = question_type

    def score(self, output: Any, reference: Any) -> Scores:
        """Return the share of the questions of one text, and how many there are."""
        if self.question_type not in QUESTION_TYPES:
            raise TaskError(f'{self.question_type} questions of GAOKAO-Bench need a judge')
        right = list(reference)
        if self.question_type == 'multi_choice':
            given = letters_at_end(str(output))
            return {'score': share_of_letters(given, ''.join(right)), 'questions': 1.0}
        answers = self.answers(str(output), len(right))
        hits = sum(one == other for one, other in zip(answers, right, strict=False))
        return {'score': hits / len(right), 'questions': float(len(right))}

    def answers(self, output: str, number: int) -> Sequence[str]:
        """Return the letters that an output gives, at most `number`."""
        if self.question_type == 'single_choice' and MARK not in output:
            return [first_option_postprocess(output, 'ABCD')]
        marked = re.findall(rf'{MARK}\W{{0,9}}([A-G])', output)
        if len(marked) == number:
            return [str(letter) for letter in marked]
        return lone_letters(output.rpartition(MARK)[2])[:number]

    def aggregate(self, scores: Sequence[Scores], clusters: Sequence[int]) -> dict[str, Metric]:
        """Weight each text by its questions."""
        weights = [score['questions'] for score in scores]
        total = sum(weight * score['score'] for weight, score in zip(weights, scores, strict=True))
        if len(set(weights)) == 1:
            return {'score': super().aggregate(scores, clusters)['score']}
        return {'score': Metric(100 * total / sum(weights))}


def letters_at_end(output: str) -> str:
    """Return the letters after the mark, or else among the last ten characters, in order."""
    text = re.sub(r'\s', '', output)
    part = text.rpartition(MARK)[2] if MARK in text else text[-10:]
    return ''.join(sorted(set(re.findall('[A-D]', part.partition('<eoa>')[0]))))


def share_of_letters(given: str, right: str) -> float:
    """Return 1 for all right letters, a half for some and no wrong one, else 0."""
    if given == ''.join(sorted(right)):
        return 1.0
    return 0.5 if given and set(given) < set(right) else 0.0


def lone_letters(text: str) -> list[str]:
    """Return the letters A to G that stand alone, or in a run of capitals such as ABDCE."""
    runs = re.findall(r'(?<![A-Za-z])[A-G]+(?![A-Za-z])', text)
    return [letter for run in runs for letter in run]
