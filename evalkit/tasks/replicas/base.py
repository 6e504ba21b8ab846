"""The way to the replicas of a model: what is sent to them, and what they tell."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.types import Completion, Request, Scoring, ScoringRequest

AnyRequest = Request | ScoringRequest
Answer = Completion | Scoring


@dataclass(frozen=True, slots=True)
class Ready:
    """A replica has loaded its engine; it may be one that was lost before."""

    number: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A replica has finished requests and waits for a word; it may have others open."""

    number: int
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Lost:
    """A replica has died with all that it was asked; when it comes back it is `Ready` again."""

    number: int
    reason: str


Event = Ready | Answered | Lost


class Replicas(ABC):
    """The replicas of one model, by number.

    `free` are those that wait for a word: each is sent one at a time, and answers with an event.
    `note` takes a line that the user should see; after `is_stopping` nothing new is asked.
    """

    def __init__(
        self, note: Callable[[str], None], is_stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self.free: set[int] = set()
        self.note = note
        self.is_stopping = is_stopping

    @property
    @abstractmethod
    def num_alive(self) -> int:
        """How many replicas there are, those included that are loading."""

    @abstractmethod
    def send(self, number: int, requests: Sequence[AnyRequest]) -> None:
        """Hand more requests, or none, to a replica and let it go on for a moment."""

    @abstractmethod
    def wait(self) -> Iterator[Event]:
        """Wait until there is an event, and yield those that are there.

        BackendError when no replica is left.
        """

    def describe(self) -> Mapping[str, Any]:
        """Say which engine runs, and where."""
        return {}

    def usage(self) -> Mapping[str, Any]:
        """Return what the replicas have asked of a service; {} for engines."""
        return {}

    def close(self) -> None:  # noqa: B027 - some end by themselves
        """End the replicas."""
