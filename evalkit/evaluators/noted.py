"""Scores that carry more to `aggregate` than their numbers."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar, cast

Note = TypeVar('Note')


class NotedScores(dict[str, float], Generic[Note]):
    """Scores of one answer with a `note`, which no table shows, for metrics that are no means."""

    def __init__(self, scores: Mapping[str, float], note: Note) -> None:
        super().__init__(scores)
        self.note = note


def notes(scores: Sequence[Mapping[str, float]], kind: type[Note]) -> list[Note]:
    """Return the notes of scores that one evaluator has made."""
    return [cast('NotedScores[Note]', score).note for score in scores]


class ExplainedScores(dict[str, float]):
    """Scores of one answer with what a person needs to see why: it stands in the details."""

    def __init__(self, scores: Mapping[str, float], explanation: Mapping[str, Any]) -> None:
        super().__init__(scores)
        self.explanation = explanation


def explanation(scores: Mapping[str, float]) -> Mapping[str, Any]:
    """Return what explains scores, if anything does."""
    return scores.explanation if isinstance(scores, ExplainedScores) else {}
