"""One queue for all replicas: each gets as much as it can do, and a lost one gives it back.

A replica is handed its share of half of what is left, by its speed so far. So all of them hold
work for about the same time, engines get big batches, and near the end the portions shrink to
single requests, so that nobody waits for a slow one.

A request that was with a replica when that died goes to another, at the head of the queue and in
a small chunk; after a second death it is asked alone; and one that was alone at two deaths is
poison: it fails, and the others are answered (compare `evalkit.tasks.suspects`).
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import ceil

from evalkit.models.request_error import failed_completion, failed_scoring
from evalkit.tasks.replicas.base import Answer, AnyRequest
from evalkit.tasks.replicas.speed import Speed
from evalkit.types import Request

NUM_AHEAD = 4096
"""Requests that are taken ahead, to see the end come."""

MAX_OPEN = 1024
"""Requests that a replica holds at most; what an engine runs at once is less."""

FIRST_CHUNK = 64
"""Requests for a replica whose speed is not known."""

CAREFUL_CHUNK = 32
DEADLY = 2
POISON = 'poison: the engine died each time this request was asked'


class ChunkQueue:
    """The open requests of one call: waiting, or with a replica."""

    def __init__(self, requests: Iterable[AnyRequest], num_replicas: int) -> None:
        self._source = iter(requests)
        self._num_replicas = num_replicas
        self._ahead: deque[AnyRequest] = deque()
        self._given_back: deque[AnyRequest] = deque()
        self._open: dict[int, dict[str, AnyRequest]] = {}
        self._num_open = 0
        self._num_losses: Counter[str] = Counter()
        self._num_lonely_losses: Counter[str] = Counter()
        self._failed: list[Answer] = []
        self._speeds: dict[int, Speed] = {}

    @property
    def is_done(self) -> bool:
        """Whether every request is answered."""
        self._look_ahead()
        return not (self._num_open or self._ahead or self._given_back or self._failed)

    def stop(self) -> None:
        """Hand nothing out any more; what is open stays open."""
        self._source = iter(())
        self._ahead.clear()
        self._given_back.clear()

    def num_open(self, number: int) -> int:
        """Return how many requests a replica has."""
        return len(self._open.get(number, ()))

    def take(self, number: int) -> list[AnyRequest]:
        """Return what is to be handed to a replica now; nothing if it has enough."""
        self._look_ahead()
        mine = self._open.setdefault(number, {})
        chunk = [] if self._is_on_trial(mine) else self._take_some(number)
        mine.update((request.key, request) for request in chunk)
        self._num_open += len(chunk)
        self._speeds.setdefault(number, Speed()).begin(is_busy=bool(mine))
        return chunk

    def answered(self, number: int, answers: Sequence[Answer]) -> Iterator[Answer]:
        """Note the answers of a replica; yield those that were still waited for."""
        mine = self._open.setdefault(number, {})
        self._speeds.setdefault(number, Speed()).note(len(answers))
        for answer in answers:
            if mine.pop(answer.key, None) is not None:
                self._num_open -= 1
                yield answer

    def give_back(self, number: int) -> int:
        """Take what a lost replica had open back into the queue; return how much that is."""
        mine = self._open.pop(number, {})
        self._speeds.pop(number, None)
        self._num_open -= len(mine)
        self._num_losses.update(mine.keys())
        if len(mine) == 1:
            self._num_lonely_losses.update(mine.keys())
        for request in mine.values():
            if self._num_lonely_losses[request.key] >= DEADLY:
                self._failed.append(failed(request, POISON))
            else:
                self._given_back.append(request)
        return len(mine)

    def failed(self) -> Iterator[Answer]:
        """Yield the answers of requests that nobody will be asked again."""
        while self._failed:
            yield self._failed.pop()

    def _is_on_trial(self, mine: Iterable[str]) -> bool:
        """Whether a replica has a request that must stay alone."""
        return bool(self._num_losses) and any(self._num_losses[key] >= DEADLY for key in mine)

    def _take_some(self, number: int) -> list[AnyRequest]:
        return self._take_given_back(number) if self._given_back else self._take_new(number)

    def _take_new(self, number: int) -> list[AnyRequest]:
        num_wanted = self._target(number) - self.num_open(number)
        # A word costs an engine a moment: it gets more only when it has done a part of its own.
        if num_wanted <= 0 or 2 * num_wanted < self.num_open(number):
            return []
        return [self._ahead.popleft() for _ in range(min(num_wanted, len(self._ahead)))]

    def _take_given_back(self, number: int) -> list[AnyRequest]:
        """Return requests that were lost once, or alone one that was lost more often."""
        if self.num_open(number):
            return []
        first = self._given_back.popleft()
        if self._num_losses[first.key] >= DEADLY:
            return [first]
        chunk = [first]
        while self._given_back and len(chunk) < CAREFUL_CHUNK:
            if self._num_losses[self._given_back[0].key] >= DEADLY:
                break
            chunk.append(self._given_back.popleft())
        return chunk

    def _target(self, number: int) -> int:
        """Return how many requests a replica should hold."""
        speeds = {one: speed.per_second for one, speed in self._speeds.items()}
        mine, total = speeds.get(number, 0.0), sum(speeds.values())
        if not mine:
            return min(FIRST_CHUNK, ceil(len(self._ahead) / (2 * self._num_replicas)))
        left = self._num_open + len(self._ahead)
        return max(1, min(MAX_OPEN, ceil(left * mine / total / 2)))

    def _look_ahead(self) -> None:
        if len(self._ahead) <= NUM_AHEAD // 2:
            self._ahead.extend(islice(self._source, NUM_AHEAD - len(self._ahead)))


def failed(request: AnyRequest, error: str) -> Answer:
    """Return the answer of a request that cannot be asked."""
    if isinstance(request, Request):
        return failed_completion(request, error)
    return failed_scoring(request, error)
