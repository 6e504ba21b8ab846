"""Finds the samples that kill the process, or the engine, that is asked them.

The first attempt hands everything to the engine at once. When it died, the next one asks in small
chunks and writes down which chunk it is about to ask; after another death what stood in that
chunk is suspect, and asked last and one at a time; and a question that was alone at two deaths is
poison: it is recorded as an error, so that the others can be answered. One death proves nothing,
since a system that is short of memory kills at any moment.

Where the process survives, because only its engine died, more is known: an engine that has
answered nothing at all since it was started may be dead for another reason.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from evalkit.store import read_json, write_json

CHUNK_SIZE = 32
DEADLY = 2  # deaths at which a question was alone

Item = TypeVar('Item')


class Suspects:
    """What earlier attempts died of, or may have; `path` remembers it between attempts."""

    def __init__(self, path: Path, attempt: int) -> None:
        self.path = path
        self.is_careful = attempt > 1
        state = read_json(path) if self.is_careful and path.exists() else {}
        before: list[str] = state.get('asked', [])
        self.deaths = Counter(state.get('deaths', {}))
        self.deaths.update(before if len(before) == 1 else [])
        self.poison = {key for key, number in self.deaths.items() if number >= DEADLY}
        self.keys = {*state.get('suspects', []), *before} - self.poison
        self.doubtful = set(state.get('doubtful', []))
        self.asked: list[str] = []

    def chunks(self, items: Iterable[Item], key: Callable[[Item], str]) -> Iterator[Iterable[Item]]:
        """Yield what to ask together: everything, or after a death the suspects one by one.

        The suspects come last, so that an engine which answers nothing at all is told from one
        that a question kills; and of them last who was alone at a death.
        """
        if not self.is_careful:
            yield items
            return
        items = iter(items)
        while opened := list(items):  # answers may have opened others meanwhile
            yield from self.careful_chunks(opened, key)

    def careful_chunks(
        self, items: Sequence[Item], key: Callable[[Item], str]
    ) -> Iterator[list[Item]]:
        """Yield small chunks, and then the suspects one by one."""
        suspects = [item for item in items if key(item) in self.keys]
        others = [item for item in items if key(item) not in self.keys]
        for start in range(0, len(others), CHUNK_SIZE):
            yield from self.watch(others[start : start + CHUNK_SIZE], key)
        for item in sorted(suspects, key=lambda item: self.doubt(key(item))):
            yield from self.watch([item], key)

    def doubt(self, key: str) -> int:
        """Return how much there is against a suspect."""
        return self.deaths[key] + (key in self.doubtful)

    def watch(self, chunk: list[Item], key: Callable[[Item], str]) -> Iterator[list[Item]]:
        """Write down a chunk before it is asked, and that it was survived afterwards."""
        self.asked = [key(item) for item in chunk]
        self.save()
        yield chunk
        self.keys -= set(self.asked)
        for survived in self.asked:
            self.deaths.pop(survived, None)
        self.asked = []
        self.save()

    def engine_died(self, *, has_answered: bool) -> None:
        """Note that the engine died, and whether it had answered anything in this attempt.

        A question that was alone with an engine that answered nothing is doubtful: the next
        attempt asks it last. A second one shows that the engine is to blame.
        """
        if has_answered or len(self.asked) != 1 or self.deaths[self.asked[0]]:
            return
        if not self.doubtful:
            self.doubtful = set(self.asked)
            self.keys |= self.doubtful
        self.asked = []
        self.save()

    def save(self) -> None:
        """Write down what is being asked, and what is known so far."""
        state = {
            'asked': self.asked,
            'suspects': sorted(self.keys),
            'doubtful': sorted(self.doubtful & self.keys),
            'deaths': self.deaths,
        }
        if any(state.values()):
            write_json(self.path, state)
        else:
            self.path.unlink(missing_ok=True)
