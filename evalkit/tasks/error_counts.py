"""Ten thousand samples that fail alike must not fill the log."""

import logging
from collections import Counter

logger = logging.getLogger(__name__)


class ErrorCounts:
    """Logs the first error of each kind, and in the end how many there were."""

    def __init__(self, abbr: str) -> None:
        self.abbr = abbr
        self.counts: Counter[str] = Counter()

    def note(self, index: int, error: str) -> None:
        """Count an error, `'<kind>: <text>'`, of the sample `index`."""
        kind = error.partition(':')[0]
        self.counts[kind] += 1
        if self.counts[kind] == 1:
            logger.error('%s, sample %d failed: %s', self.abbr, index, error)

    def report(self) -> None:
        """Log how many samples failed, by kind."""
        if self.counts:
            logger.error('%s: %s', self.abbr, self)

    def __str__(self) -> str:
        kinds = ', '.join(f'{count} x {kind}' for kind, count in self.counts.items())
        return f'{self.counts.total()} samples failed ({kinds})'
