"""What is to be asked now, and what will be when an earlier turn is answered."""

from collections import deque
from collections.abc import Iterable, Iterator

from evalkit.inferencers import Question, turn_extra
from evalkit.tasks.answers import AnswerBook
from evalkit.types import Prediction, Sample

Opened = tuple[AnswerBook, Question]

EARLIER_TURN = 'earlier_turn'
"""The kind of error of a turn that was not asked, because one before it failed."""


class Agenda:
    """The open questions of books. Where none is left, an answer may bring others.

    So it is an iterator that can be asked again after its end. A question that awaits an answer is
    held until `settle` is told of that, and then goes before all that were not taken yet.
    """

    def __init__(self, books: Iterable[AnswerBook]) -> None:
        self._samples = ((book, sample) for book in books for sample in book.open_samples)
        self._ready: deque[Opened] = deque()
        self._held: dict[tuple[AnswerBook, str], list[Question]] = {}

    def __iter__(self) -> Iterator[Opened]:
        return self

    def __next__(self) -> Opened:
        while not self._ready:
            book, sample = next(self._samples)
            self._open(book, [sample])
        return self._ready.popleft()

    def settle(self, book: AnswerBook, prediction: Prediction) -> list[Prediction]:
        """Open what has awaited this answer; where it is an error, return the errors that follow.

        Another sample may begin with the question that failed: then it is asked again.
        """
        held = self._held.pop((book, prediction.key), [])
        if prediction.error is not None:
            if book.plan.inferencer.asks_follow_ups:
                book.taken.discard(prediction.key)
            number = prediction.extra.get('turn')
            reason = f'{EARLIER_TURN}: turn {number} failed, so this one was not asked'
            return [failed_prediction(each, f'{reason} ({prediction.error})') for each in held]
        samples = {question.sample.index: question.sample for question in held}
        self._open(book, samples.values())
        return []

    def _open(self, book: AnswerBook, samples: Iterable[Sample]) -> None:
        """Sort the questions about samples, all of a conversation before the first is asked."""
        for question in book.open_questions(samples):
            if question.awaits is None:
                self._ready.append((book, question))
            else:
                self._held.setdefault((book, question.awaits), []).append(question)


def failed_prediction(question: Question, error: str) -> Prediction:
    """Return the record of a question that is not asked."""
    return Prediction(
        index=question.sample.index,
        key=question.key,
        prompt=question.prompt,
        output='',
        reference=question.sample.reference,
        repeat=question.repeat,
        finish_reason='error',
        error=error,
        extra=turn_extra(question),
    )
