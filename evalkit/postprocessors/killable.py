"""What is done to outputs before they are scored, in processes that can be killed.

What a process needs is imported with this module: it has no more than postprocessors need.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evalkit.errors import EvalkitError
from evalkit.postprocessors.chain import Postprocessor, apply
from evalkit.workers import Crew, Lost, describe_failure, num_cores

logger = logging.getLogger(__name__)

SECONDS = 5.0
"""A postprocessor that takes longer for one output hangs, as a regular expression may."""

CHUNK = 256
"""Outputs that a process gets at a time."""


@dataclass(frozen=True, slots=True)
class Processed:
    """What the postprocessors make of a value, or the error that they end with."""

    value: Any
    error: str | None = None


class Postprocessing:
    """Applies postprocessors in processes that can be killed: one that hangs costs one answer."""

    def __init__(self) -> None:
        self.crew = Crew(PostprocessService(), num_cores(), CHUNK)

    def close(self) -> None:
        """End the processes."""
        self.crew.stop()

    def apply(
        self, functions: tuple[Postprocessor, ...], values: Iterable[Any], kind: str
    ) -> list[Processed]:
        """Return what the functions make of each value; `kind` begins the text of an error."""
        if not functions:
            return [Processed(value) for value in values]
        found = dict(self.crew.work((functions, value, kind) for value in values))
        return [as_processed(found[number], kind) for number in range(len(found))]


class PostprocessService:
    """What a process of `Postprocessing` does."""

    seconds = SECONDS

    def prepare(self) -> None:
        """Need nothing."""

    def do(self, item: tuple[tuple[Postprocessor, ...], Any, str]) -> Processed:
        """Apply functions one after the other."""
        functions, value, kind = item
        try:
            return Processed(apply(functions, value))
        except EvalkitError:  # a missing package concerns every sample
            raise
        except Exception as error:
            logger.debug('a %s failed', kind, exc_info=True)
            return Processed(None, f'{kind}: {describe_failure(error)}')


def as_processed(outcome: Any, kind: str) -> Processed:
    """Return what became of a value; one whose process had to be killed is an error."""
    if isinstance(outcome, Lost):
        return Processed(None, f'{kind}: {outcome.error}')
    found: Processed = outcome
    return found
