"""What a dataset expects to be answered, the stored answers, and the scores of both together."""

import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evalkit.config import redact_known
from evalkit.errors import IncompleteError
from evalkit.evaluators import Scores, Unscored, explanation
from evalkit.inferencers import Turn
from evalkit.types import Prediction, Usage


@dataclass(frozen=True, slots=True)
class Expected:
    """A question of the dataset as it is now; `index` and `reference` are never a record's."""

    key: str
    index: int
    repeat: int
    reference: Any
    fields: Mapping[str, Any]
    turn: Turn | None = None
    turns: tuple['Expected', ...] = ()
    """The questions of a conversation that is scored as one answer."""

    @property
    def keys(self) -> list[str]:
        """The keys of the records that answer it."""
        return [turn.key for turn in self.turns] or [self.key]


@dataclass(frozen=True, slots=True)
class Answer:
    """What scoring needs of a record; its prompt and output stay on the disk."""

    value: Any
    status: str
    usage: Usage
    seconds: float
    error: str | None


@dataclass(slots=True)
class Grade:
    """An expected answer with the one that was given; either `scores` or an `error`."""

    expected: Expected
    answer: Answer
    reference: Any
    error: str | None
    scores: Scores = field(default_factory=dict)
    judgement: str | None = None
    is_excluded: bool = False
    """Whether the dataset leaves answers of this status out of its score."""

    @property
    def is_scored(self) -> bool:
        """Whether the answer counts for the metrics."""
        return self.error is None and not self.is_excluded

    @property
    def status(self) -> str:
        """That of the answer; one that cannot be scored is an error, too."""
        return 'error' if self.error is not None else self.answer.status

    @property
    def is_unextracted(self) -> bool:
        """Whether the postprocessors found nothing in an answer that has text."""
        has_text = self.error is None and self.answer.status != 'empty'
        return has_text and self.answer.value in (None, '', [], ())

    def take(self, scores: Scores | Unscored) -> None:
        """Note how the answer was scored; a score that is no number is an error."""
        if isinstance(scores, Unscored):
            self.error = redact_known(scores.error, os.environ)
            return
        wrong = [name for name, value in scores.items() if not math.isfinite(value)]
        if wrong:
            self.error = f'scorer: {wrong[0]} is {scores[wrong[0]]}'
            return
        self.scores = scores


def check_complete(expected: Sequence[Expected], answers: Mapping[str, Answer]) -> None:
    """Raise IncompleteError if a question has no record at all: that is no wrong answer."""
    missing = [item for item in expected if item.key not in answers]
    if missing:
        raise IncompleteError(
            f'incomplete: {len(missing)} of {len(expected)} samples have no answer, '
            f'the first being sample {missing[0].index}'
        )


def details(grades: Iterable[Grade], records: Mapping[str, Prediction]) -> Iterator[dict[str, Any]]:
    """Yield what a person needs to see why each sample has its score, in the dataset's order.

    `records` are by their keys; samples that ask the same share one.
    """
    return (detail(grade, [records[key] for key in grade.expected.keys]) for grade in grades)


def detail(grade: Grade, records: Sequence[Prediction]) -> dict[str, Any]:
    """Return the details of one sample, and of a conversation those of its turns."""
    expected = grade.expected
    asked = [{'prompt': record.prompt, 'output': record.output} for record in records]
    shown = {
        'index': expected.index,
        'repeat': expected.repeat,
        **({'turn': expected.turn.number} if expected.turn else {}),
        'status': grade.status,
        **({'turns': asked} if expected.turns else asked[0]),
        'answer': plain(grade.answer.value),
        'reference': plain(grade.reference),
    }
    if grade.judgement is not None:
        shown['judgement'] = grade.judgement
    if grade.error is not None:
        return {**shown, 'error': grade.error}
    if grade.is_excluded:
        return {**shown, 'excluded': True}
    return {**shown, **grade.scores, **explanation(grade.scores)}


def plain(value: Any) -> Any:
    """Return a value as JSON holds it; what JSON does not know, such as a set, as its text."""
    if value is None or isinstance(value, str):
        return value
    try:
        return json.loads(json.dumps(value, default=str, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return str(value)
