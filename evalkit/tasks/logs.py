"""What a task writes into its log."""

import logging
import os
import sys

from evalkit.config import redact_known

FORMAT = '%(asctime)s %(levelname)s %(name)s: %(message)s'


class Redacted(logging.Formatter):
    """Formats records, tracebacks included, without the secrets that this process was given."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record with each secret blotted out."""
        return redact_known(super().format(record), os.environ)


def log_to_stderr() -> None:
    """Send what evalkit logs, and what escapes as a traceback, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacted(FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.getLogger('evalkit').setLevel(logging.INFO)
    sys.excepthook = lambda *error: logging.getLogger('evalkit').critical('crashed', exc_info=error)
