"""What evalkit needs of an engine: put requests in, take the finished ones out, in any order."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.models.huggingface_decoding import GenerationRow
from evalkit.models.huggingface_scoring import ScoringRow
from evalkit.models.request_error import RequestError
from evalkit.workers import describe_failure

logger = logging.getLogger(__name__)

Job = GenerationRow | ScoringRow
"""One request to an engine; a `ScoringRow` answers all requests that differ in one last token."""


@dataclass(frozen=True, slots=True)
class Generated:
    """The tokens of an answer, the one that ended it included if the engine tells it.

    `finish_reason` is 'stop' or 'length'.
    """

    ids: Sequence[int]
    finish_reason: str
    num_tokens: int
    cached_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Scored:
    """Of each target of a row, in order: its summed log-probability and whether it is greedy."""

    targets: Sequence[tuple[float, bool]]
    cached_tokens: int = 0


Output = Generated | Scored | RequestError


class EnginePort(ABC):
    """An engine with requests in it.

    Its methods raise `BackendError` where the engine is dead.
    """

    @property
    @abstractmethod
    def num_open(self) -> int:
        """How many requests the engine has not answered."""

    @abstractmethod
    def submit(self, job: Job) -> None:
        """Put a request into the engine; `RequestError` where it refuses that one."""

    @abstractmethod
    def finished(self) -> Iterator[tuple[Job, Output]]:
        """Wait until a request is finished, and yield those that are (perhaps none)."""

    @abstractmethod
    def abort(self) -> None:
        """Drop all requests that are not answered."""

    @abstractmethod
    def describe(self) -> Mapping[str, Any]:
        """Say which engine really runs: its name, version, device and dtype."""

    @abstractmethod
    def close(self) -> None:
        """End the engine and its processes."""


def unexpected(error: Exception) -> RequestError:
    """Return the failure of one request that an engine, or our code around it, raised as `error`.

    It is logged, too, since it may be a bug of ours.
    """
    text = describe_failure(error)
    logger.error('a request failed: %s', text)
    return RequestError('engine', text)
