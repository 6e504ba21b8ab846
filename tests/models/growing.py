"""Requests of which some come only when others are answered."""

from collections import deque
from collections.abc import Iterable, Iterator

from evalkit.types import Request


class Growing:
    """An iterator that may have more after its end: what is put into `waiting`."""

    def __init__(self, requests: Iterable[Request]) -> None:
        self.waiting = deque(requests)

    def __iter__(self) -> Iterator[Request]:
        return self

    def __next__(self) -> Request:
        if not self.waiting:
            raise StopIteration
        return self.waiting.popleft()
