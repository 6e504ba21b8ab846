"""One dataset that cannot be read must not stop the others."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice

from evalkit.config import redact_known
from evalkit.errors import EvalkitError, IncompleteError, StoreError, TaskError
from evalkit.workers import describe_failure

logger = logging.getLogger(__name__)

NUM_NAMED = 3
"""Failed datasets that the error of a task names where the log has named them all."""


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
            limit = NUM_NAMED if self.logged else len(failed)
            raise TaskError('; '.join(list_failures(failed, limit)))


def list_failures(failed: Mapping[str, str], limit: int) -> list[str]:
    """Return the first failures as texts, and how many more there are."""
    shown = [f'{abbr}: {why}' for abbr, why in islice(failed.items(), limit)]
    num_more = len(failed) - len(shown)
    return [*shown, f'and {num_more} more datasets'] if num_more else shown
