"""The other end: an engine that is handed requests in portions."""

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evalkit.models import BaseModel
from evalkit.tasks.replicas.base import Answer, AnyRequest
from evalkit.types import Request

SLICE_SECONDS = 0.5
"""After so long a replica tells what it has finished; meanwhile it listens to nobody."""


class EngineServer:
    """A model that answers in slices of time; requests of one kind at a time."""

    def __init__(self, model: BaseModel, slice_seconds: float = SLICE_SECONDS) -> None:
        self.model = model
        self.slice_seconds = slice_seconds
        self._inbox = Inbox()
        self._answers: Iterator[Answer] = iter(())

    def describe(self) -> Mapping[str, Any]:
        """Say which engine runs."""
        return self.model.describe()

    def exchange(self, requests: Sequence[AnyRequest]) -> list[Answer]:
        """Take requests, go on for a slice of time, and return what is finished.

        Fewer than all open ones come back; none only where none are open.
        """
        self._inbox.waiting.extend(requests)
        deadline = time.monotonic() + self.slice_seconds
        finished: list[Answer] = []
        while time.monotonic() < deadline or not finished:
            answer = self._next()
            if answer is None:
                break
            finished.append(answer)
        return finished

    def _next(self) -> Answer | None:
        """Return the next answer, None if nothing is open."""
        answer = next(self._answers, None)
        if answer is None and self._inbox.waiting:
            self._answers = self._ask()
            answer = next(self._answers, None)
        return answer

    def _ask(self) -> Iterator[Answer]:
        if isinstance(self._inbox.waiting[0], Request):
            return self.model.generate(self._inbox)
        return self.model.loglikelihood(self._inbox)


class Inbox:
    """The requests that an engine has not taken; after its end there may be more."""

    def __init__(self) -> None:
        self.waiting: deque[AnyRequest] = deque()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        if not self.waiting:
            raise StopIteration
        return self.waiting.popleft()
