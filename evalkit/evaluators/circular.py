"""CircularEvaluator: a multiple-choice question is asked with its options in several orders."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.evaluators.base import BaseEvaluator, Metric, Scores, mean_metric
from evalkit.evaluators.noted import NotedScores, notes

ROTATIONS = {4: ('ABCD', 'BCDA', 'CDAB', 'DABC'), 1: ('ABCD',)}
NONE = '-'
REFERENCE = re.compile(r'(?P<question>.*)--(?P<letter>[A-D])--(?P<pattern>[A-D]{4})', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer to a question: `pattern` says which option stood at A, B, C and D."""

    question: str
    pattern: str
    answer: str
    reference: str

    @property
    def is_right(self) -> bool:
        """Whether the letter is that of the reference."""
        return self.answer == self.reference

    def option(self, letter: str) -> str:
        """Return the name that the option under a letter has in the first order."""
        return self.pattern['ABCD'.index(letter)] if letter != NONE else NONE


class CircularEvaluator(BaseEvaluator):
    """OpenCompass's circular metrics; a reference is `'<question>--<letter>--<pattern>'`.

    For i of 4 (all rotations) and 1 (the order as given): `acc_i` the share of right answers,
    `perf_i` of questions with all of them right, `more_i_j` with at least j right, `vote_i` with
    the right option chosen most often. `prior_A` to `prior_D` are how often each letter was
    answered, `prior_-` anything else. A question that lacks one of its answers (it failed, or was
    not asked) counts in `acc_i` alone, since it is not known what it would have been; a metric
    without any question is left out.
    """

    def score(self, output: Any, reference: Any) -> NotedScores[Asked]:
        """Return whether an answer is right."""
        question, letter, pattern = parse_reference(str(reference))
        answer = output if output in tuple('ABCD') else NONE
        asked = Asked(question, pattern, answer, letter)
        return NotedScores({'accuracy': float(asked.is_right)}, asked)

    def aggregate(self, scores: Sequence[Scores], clusters: Sequence[int]) -> dict[str, Metric]:
        """Return the metrics, `acc_4` first."""
        asked = notes(scores, Asked)
        rounds = in_rounds(asked)
        metrics: dict[str, Metric] = {}
        for size in ROTATIONS:
            metrics |= accuracy(asked, size)
        for size, patterns in ROTATIONS.items():
            whole = {key: [of[p] for p in patterns] for key, of in rounds if {*patterns} <= {*of}}
            metrics |= metrics_of_questions(whole, size)
        return {**metrics, **priors(asked)}


def parse_reference(reference: str) -> tuple[str, str, str]:
    """Return the question, the right letter and the order of the options."""
    match = REFERENCE.fullmatch(reference)
    if match is None or len({*match['pattern']}) < len('ABCD'):
        raise ValueError(f'{reference!r:.80} is not <question>--<letter>--<order of ABCD>')
    return match['question'], match['letter'], match['pattern']


Key = tuple[str, int]


def in_rounds(asked: Sequence[Asked]) -> list[tuple[Key, Mapping[str, Asked]]]:
    """Group the answers by question and, where a dataset is repeated, by repeat."""
    rounds: dict[Key, dict[str, Asked]] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for item in asked:
        number = seen[item.question, item.pattern]
        seen[item.question, item.pattern] += 1
        rounds.setdefault((item.question, number), {})[item.pattern] = item
    return list(rounds.items())


def accuracy(asked: Sequence[Asked], size: int) -> dict[str, Metric]:
    """Return the share of right answers among these orders, with an error by question."""
    these = [item for item in asked if item.pattern in ROTATIONS[size]]
    if not these:
        return {}
    numbers = {question: n for n, question in enumerate({item.question: 0 for item in these})}
    clusters = [numbers[item.question] for item in these]
    return {f'acc_{size}': mean_metric([float(item.is_right) for item in these], clusters)}


def metrics_of_questions(questions: Mapping[Key, list[Asked]], size: int) -> dict[str, Metric]:
    """Return `perf`, `vote` and `more` over the questions of which all answers are there."""
    if not questions:
        return {}
    numbers = {name: n for n, name in enumerate({question: 0 for question, _ in questions})}
    clusters = [numbers[question] for question, _ in questions]
    num_right = [sum(item.is_right for item in items) for items in questions.values()]
    values: dict[str, list[bool]] = {
        f'perf_{size}': [count == size for count in num_right],
        f'vote_{size}': [is_voted(items) for items in questions.values()],
        **{
            f'more_{size}_{least}': [count >= least for count in num_right]
            for least in range(size + 1)
        },
    }
    return {name: mean_metric([*map(float, each)], clusters) for name, each in values.items()}


def is_voted(items: Sequence[Asked]) -> bool:
    """Whether the right option is the first of those that were chosen most often."""
    votes = Counter(item.option(item.answer) for item in items)
    return votes.most_common(1)[0][0] == items[0].option(items[0].reference)


def priors(asked: Sequence[Asked]) -> dict[str, Metric]:
    """Return how often each letter was answered."""
    return {
        f'prior_{letter}': mean_metric(
            [float(item.answer == letter) for item in asked], range(len(asked))
        )
        for letter in ('A', 'B', 'C', 'D', NONE)
    }
