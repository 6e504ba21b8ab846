"""One dataset that cannot be read must not stop the others."""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from evalkit.config import redact_known
from evalkit.errors import EvalkitError, IncompleteError, StoreError, TaskError
from evalkit.workers import describe_failure

logger = logging.getLogger(__name__)

MAX_NAMES = 2  # of the datasets that share a reason

MAX_REASONS = 10
"""Reasons that the error of a task gives where the log has given them all."""


class Failures:
    """Collects what went wrong, by dataset, while the rest of a task goes on."""

    def __init__(self, *, logged: bool = True) -> None:
        self.logged = logged
        """Whether each error goes into a log at once; the errors of all are raised at the end."""
        self.reasons: dict[str, str] = {}
        self.incomplete: set[str] = set()
        """Those of the datasets that a resumed run can complete."""

    @contextmanager
    def guard(self, abbr: str) -> Iterator[None]:
        """Note an error under `abbr`; the store's own errors stop the task."""
        try:
            yield
        except StoreError:
            raise
        except EvalkitError as error:
            self.reasons[abbr] = redact_known(str(error), os.environ)
            if isinstance(error, IncompleteError):
                self.incomplete.add(abbr)
            if self.logged:
                logger.error('%s: %s', abbr, error)
        except Exception as error:
            self.reasons[abbr] = describe_failure(error)
            logger.exception('%s failed', abbr)

    def raise_if_any(self) -> None:
        """Raise one error that names the failed datasets, only the first where all are logged.

        Incomplete ones are left out: why they are has been said by the task that asked.
        """
        failed = {abbr: self.reasons[abbr] for abbr in self.reasons if abbr not in self.incomplete}
        if failed:
            raise TaskError(describe(failed, MAX_REASONS if self.logged else len(failed)))


def describe(reasons: Mapping[str, str], max_reasons: int) -> str:
    """Return a line for each of the first reasons, with the datasets that failed for it."""
    if len(reasons) == 1:
        return ''.join(f'{abbr}: {why}' for abbr, why in reasons.items())
    datasets: dict[str, list[str]] = {}
    for abbr, why in reasons.items():
        datasets.setdefault(why, []).append(abbr)
    lines = [f'{why} ({some_of(abbrs)})' for why, abbrs in datasets.items()]
    more = [f'and {len(lines) - max_reasons} more reasons'] if len(lines) > max_reasons else []
    return '\n  '.join([f'{len(reasons)} datasets failed:', *lines[:max_reasons], *more])


def some_of(names: Sequence[str]) -> str:
    """Return the first names, and how many there are besides."""
    if len(names) <= MAX_NAMES:
        return ', '.join(names)
    return f'{", ".join(names[:MAX_NAMES])} and {len(names) - MAX_NAMES} more'
