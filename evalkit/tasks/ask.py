"""Hands questions to a model, all at once, and puts its answers together."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TypeVar

from evalkit.errors import BackendError
from evalkit.inferencers import Ask, Question
from evalkit.models import BaseModel
from evalkit.tasks.answers import AnswerBook
from evalkit.tasks.interrupt import Interrupt
from evalkit.types import Completion, Prediction, Request, Scoring, ScoringRequest

Opened = tuple[AnswerBook, Question]

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
    """One call of a model: its requests go out as the engine pulls them."""

    def __init__(self, opened: Iterable[Opened], interrupt: Interrupt) -> None:
        self.opened = opened
        self.interrupt = interrupt
        self.waiting: dict[str, tuple[Waiting, int]] = {}
        self.is_exhausted = False

    def requests(self, kind: type[AnyRequest]) -> Iterator[AnyRequest]:
        """Yield the requests under keys of their own: datasets, or adapters, may share one."""
        for book, question in self.opened:
            if self.interrupt.is_requested:
                return
            waiting, adapter = Waiting(book, question), book.plan.adapter
            for number, request in enumerate(question.requests):
                key = f'{book.plan.abbr}/{question.key}/{number}'
                key = f'{adapter}/{key}' if adapter else key
                if not isinstance(request, kind):
                    raise TypeError(f'{type(request).__name__} cannot be asked as {kind.__name__}')
                self.waiting[key] = (waiting, number)
                yield replace(request, key=key, adapter=adapter)
        self.is_exhausted = True

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


def ask(
    model: BaseModel, opened: Iterable[Opened], interrupt: Interrupt
) -> Iterator[tuple[AnswerBook, Prediction]]:
    """Yield each prediction as soon as the model has answered it."""
    runs = groupby(opened, key=lambda item: item[0].plan.inferencer.ask)
    for method, questions in runs:
        exchange = Exchange(questions, interrupt)
        yield from collect(exchange, start(model, method, exchange))


def start(
    model: BaseModel, method: Ask, exchange: Exchange
) -> Iterator[Completion] | Iterator[Scoring]:
    """Begin to ask by generation or by log-likelihood."""
    if method == 'generate':
        return model.generate(exchange.requests(Request))
    return model.loglikelihood(exchange.requests(ScoringRequest))


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
