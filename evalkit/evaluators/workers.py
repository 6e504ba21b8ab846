"""Scoring in processes that can be killed, for what may never end (sympy, regular expressions)."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.evaluators.base import BaseEvaluator, Scores, Unscored
from evalkit.workers import Crew, Lost, num_cores

MIN_ANSWERS = 20
"""Fewer answers for each process are not worth its start."""


class KillableEvaluator(BaseEvaluator):
    """An evaluator whose `score` may hang, exhaust the memory or crash: that costs one answer.

    It runs in processes of its own, so that the evaluator must be one that `pickle` can copy: what
    is heavy is loaded by `prepare`. An answer has `seconds` to be scored.
    """

    def __init__(self, seconds: float = 10.0) -> None:
        self.seconds = seconds

    def prepare(self) -> None:
        """Load what scoring needs; called once in each process, before any time limit."""

    @abstractmethod
    def score(self, output: Any, reference: Any) -> Scores:
        """Return the scores of one answer."""

    def score_all(
        self, outputs: Sequence[Any], references: Sequence[Any]
    ) -> Sequence[Scores | Unscored]:
        """Return the scores of each answer in their order."""
        pairs = list(zip(outputs, references, strict=True))
        size = min(num_cores(), 1 + len(pairs) // MIN_ANSWERS)
        with Crew(ScoringService(self), size) as crew:
            found = dict(crew.work(pairs))
        return [as_scores(found[number]) for number in range(len(pairs))]


@dataclass(frozen=True)
class ScoringService:
    """Scores answers in a process of its own."""

    evaluator: KillableEvaluator

    @property
    def seconds(self) -> float:
        """How long an answer may take."""
        return self.evaluator.seconds

    def prepare(self) -> None:
        """Load what scoring needs."""
        self.evaluator.prepare()

    def do(self, item: tuple[Any, Any]) -> Scores | Unscored:
        """Score an output by its reference."""
        return self.evaluator.try_score(*item)


def as_scores(outcome: Any) -> Scores | Unscored:
    """Return what became of an answer as an evaluator says it."""
    found: Scores | Unscored = outcome
    return Unscored(f'scorer: {outcome.error}') if isinstance(outcome, Lost) else found
