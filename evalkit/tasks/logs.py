"""What a task writes into its log."""

import logging
import os
import sys

from evalkit.config import redact

FORMAT = '%(asctime)s %(levelname)s %(name)s: %(message)s'

SECRET_VARIABLES = 'EVALKIT_SECRET_'


class Redacted(logging.Formatter):
    """Formats records, tracebacks included, without the secrets that this process was given."""

    def __init__(self) -> None:
        super().__init__(FORMAT)
        names = [name for name in os.environ if name.startswith(SECRET_VARIABLES)]
        self.secrets = [os.environ[name] for name in names]

    def format(self, record: logging.LogRecord) -> str:
        """Return the text of a record with each secret blotted out."""
        return redact(super().format(record), self.secrets)


def log_to_stderr() -> None:
    """Send what evalkit logs, and what escapes as a traceback, to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacted())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.getLogger('evalkit').setLevel(logging.INFO)
    sys.excepthook = lambda *error: logging.getLogger('evalkit').critical('crashed', exc_info=error)
