"""One dataset that cannot be read must not stop the others."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from evalkit.errors import EvalkitError, StoreError, TaskError
from evalkit.evaluators import describe_failure

logger = logging.getLogger(__name__)


class Failures:
    """Collects what went wrong, by dataset, while the rest of a task goes on."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    @contextmanager
    def guard(self, abbr: str) -> Iterator[None]:
        """Note an error under `abbr`; the store's own errors stop the task."""
        try:
            yield
        except StoreError:
            raise
        except EvalkitError as error:
            self.reasons[abbr] = str(error)
            logger.error('%s: %s', abbr, error)
        except Exception as error:
            self.reasons[abbr] = describe_failure(error)
            logger.exception('%s failed', abbr)

    def raise_if_any(self) -> None:
        """Raise one error that names every dataset that failed."""
        if self.reasons:
            raise TaskError('; '.join(f'{abbr}: {why}' for abbr, why in self.reasons.items()))
