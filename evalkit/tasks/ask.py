"""Hands questions to a model, all at once, and puts its answers together."""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from evalkit.errors import BackendError
from evalkit.inferencers import Ask, Question
from evalkit.models import BaseModel
from evalkit.tasks.agenda import Opened
from evalkit.tasks.answers import AnswerBook
from evalkit.tasks.interrupt import Interrupt
from evalkit.types import Completion, Prediction, Request, Scoring, ScoringRequest

AnyRequest = TypeVar('AnyRequest', Request, ScoringRequest)


@dataclass(slots=True)
class Waiting:
    """A question that the model has, with the answers that came so far."""

    book: AnswerBook
    question: Question
    answers: dict[int, Completion | Scoring] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether every request of the question is answered."""
        return len(self.answers) == len(self.question.requests)


class Exchange:
    """The questions and answers of a model: requests go out as the engine pulls them.

    `opened` may have more after its end, once answers have been taken.
    """

    def __init__(self, opened: Iterable[Opened], interrupt: Interrupt) -> None:
        self.opened = iter(opened)
        self.interrupt = interrupt
        self.ahead: Opened | None = None
        self.waiting: dict[str, tuple[Waiting, int]] = {}
        self.is_exhausted = False

    def next_method(self) -> Ask | None:
        """Return how the next question is asked; None where there is none, for now."""
        if self.interrupt.is_requested:
            return None
        self.ahead = self.ahead or next(self.opened, None)
        return self.ahead[0].plan.inferencer.ask if self.ahead else None

    def take(self, kind: type[AnyRequest]) -> Iterator[AnyRequest]:
        """Yield the requests of the next question under keys of their own.

        Datasets, or adapters, may share a key.
        """
        assert self.ahead is not None
        (book, question), self.ahead = self.ahead, None
        waiting, adapter = Waiting(book, question), book.plan.adapter
        for number, request in enumerate(question.requests):
            key = f'{book.plan.abbr}/{question.key}/{number}'
            key = f'{adapter}/{key}' if adapter else key
            if not isinstance(request, kind):
                raise TypeError(f'{type(request).__name__} cannot be asked as {kind.__name__}')
            self.waiting[key] = (waiting, number)
            yield replace(request, key=key, adapter=adapter)

    def answer(self, answer: Completion | Scoring) -> Waiting | None:
        """Take an answer; return its question when that was the last one missing."""
        if answer.key not in self.waiting:
            raise BackendError(f'the engine answered a request that it was not asked: {answer.key}')
        waiting, number = self.waiting.pop(answer.key)
        waiting.answers[number] = answer
        return waiting if waiting.is_complete else None

    def check(self) -> None:
        """Raise BackendError if the engine has ended before everything was asked and answered."""
        if self.interrupt.is_requested:
            return
        if self.waiting:
            raise BackendError(f'the engine ended and left {len(self.waiting)} requests unanswered')
        if not self.is_exhausted:
            raise BackendError('the engine ended before it took all requests')


class Requests(Generic[AnyRequest]):
    """The requests of one call of a model; after its end it may be asked again."""

    def __init__(self, exchange: Exchange, method: Ask, kind: type[AnyRequest]) -> None:
        self.exchange = exchange
        self.method: Ask = method
        self.kind: type[AnyRequest] = kind
        self.ready: deque[AnyRequest] = deque()
        exchange.is_exhausted = False

    def __iter__(self) -> Iterator[AnyRequest]:
        return self

    def __next__(self) -> AnyRequest:
        while not self.ready:
            if self.exchange.next_method() != self.method:
                self.exchange.is_exhausted = True
                raise StopIteration
            self.ready.extend(self.exchange.take(self.kind))
        return self.ready.popleft()


def ask(
    model: BaseModel, opened: Iterable[Opened], interrupt: Interrupt
) -> Iterator[tuple[AnswerBook, Prediction]]:
    """Yield each prediction as soon as the model has answered it."""
    exchange = Exchange(opened, interrupt)
    while (method := exchange.next_method()) is not None:
        yield from collect(exchange, start(model, method, exchange))


def start(
    model: BaseModel, method: Ask, exchange: Exchange
) -> Iterator[Completion] | Iterator[Scoring]:
    """Begin to ask by generation or by log-likelihood."""
    if method == 'generate':
        return model.generate(Requests(exchange, method, Request))
    return model.loglikelihood(Requests(exchange, method, ScoringRequest))


def collect(
    exchange: Exchange, answers: Iterator[Completion] | Iterator[Scoring]
) -> Iterator[tuple[AnswerBook, Prediction]]:
    """Yield predictions, each with the time since the one before, until the drain is over."""
    before = time.monotonic()
    for answer in answers:
        waiting = exchange.answer(answer)
        if waiting is not None:
            now = time.monotonic()
            in_order = [waiting.answers[number] for number in sorted(waiting.answers)]
            inferencer = waiting.book.plan.inferencer
            yield waiting.book, inferencer.prediction(waiting.question, in_order, now - before)
            before = now
        if exchange.interrupt.is_over:
            return
    exchange.check()
