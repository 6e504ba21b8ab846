"""Finds the samples that kill the process, or the engine, that is asked them.

The first attempt hands everything to the engine at once. When it died, the next one asks in small
chunks and writes down which chunk it is about to ask; after another death what stood in that
chunk is suspect, and asked last and one at a time; and a question that was alone at a death is
poison: it is recorded as an error, so that the others can be answered.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from evalkit.store import read_json, write_json

CHUNK_SIZE = 32

Item = TypeVar('Item')


class Suspects:
    """What earlier attempts died of, or may have; `path` remembers it between attempts."""

    def __init__(self, path: Path, attempt: int) -> None:
        self.path = path
        self.is_careful = attempt > 1
        state = read_json(path) if self.is_careful and path.exists() else {}
        asked: list[str] = state.get('asked', [])
        alone = asked if len(asked) == 1 else []
        self.poison = {*state.get('poison', []), *alone}
        self.keys = {*state.get('suspects', []), *asked} - self.poison

    def chunks(self, items: Iterable[Item], key: Callable[[Item], str]) -> Iterator[Iterable[Item]]:
        """Yield what to ask together: everything, or after a death the suspects one by one.

        The suspects come last, so that an engine which answers nothing at all is told from one
        that a question kills.
        """
        if not self.is_careful:
            yield items
            return
        items = list(items)
        suspects = [item for item in items if key(item) in self.keys]
        others = [item for item in items if key(item) not in self.keys]
        for start in range(0, len(others), CHUNK_SIZE):
            yield from self.watch(others[start : start + CHUNK_SIZE], key)
        for item in suspects:
            yield from self.watch([item], key)

    def watch(self, chunk: list[Item], key: Callable[[Item], str]) -> Iterator[list[Item]]:
        """Write down a chunk before it is asked, and that it was survived afterwards."""
        keys = [key(item) for item in chunk]
        self.save(keys)
        yield chunk
        self.keys -= set(keys)
        self.save([])

    def acquit(self) -> None:
        """What was asked has nothing to do with the death: the engine answered nothing else."""
        if self.is_careful:
            self.save([])

    def save(self, asked: list[str]) -> None:
        """Write down what is being asked, and what is known so far."""
        state = {'asked': asked, 'suspects': sorted(self.keys), 'poison': sorted(self.poison)}
        if any(state.values()):
            write_json(self.path, state)
        else:
            self.path.unlink(missing_ok=True)
