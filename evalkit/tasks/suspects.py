"""Finds the sample that kills the process that asks it.

The first attempt hands everything to the engine at once. When the process died, the next one
asks in small chunks and writes down which chunk it is about to ask; the one after that asks the
chunk in which it died one question at a time; and a question that was alone when the process
died is recorded as an error, so that the others can be answered.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from evalkit.store import read_json, write_json

CHUNK_SIZE = 32

Item = TypeVar('Item')


class Suspects:
    """What was being asked when an earlier attempt died; `path` remembers it between attempts."""

    def __init__(self, path: Path, attempt: int) -> None:
        self.path = path
        self.is_careful = attempt > 1
        self.keys: set[str] = set(read_json(path)) if self.is_careful and path.exists() else set()

    @property
    def poison(self) -> str | None:
        """The key of the question that was asked alone when the process died."""
        return next(iter(self.keys)) if len(self.keys) == 1 else None

    def chunks(self, items: Iterable[Item], key: Callable[[Item], str]) -> Iterator[Iterable[Item]]:
        """Yield what to ask together: everything, or after a death the suspects one by one."""
        if not self.is_careful:
            yield items
            return
        items = list(items)
        suspects = [item for item in items if key(item) in self.keys]
        rest = iter([item for item in items if key(item) not in self.keys])
        yield from self.watch([[item] for item in suspects], key)
        yield from self.watch(iter(lambda: list(islice(rest, CHUNK_SIZE)), []), key)

    def watch(
        self, chunks: Iterable[list[Item]], key: Callable[[Item], str]
    ) -> Iterator[list[Item]]:
        """Write down each chunk before it is asked, and that it was survived afterwards."""
        for chunk in chunks:
            write_json(self.path, [key(item) for item in chunk])
            yield chunk
            self.path.unlink()
