"""Corrupt lines are set aside once, and said once."""

import logging
import os
from hashlib import blake2b
from pathlib import Path

logger = logging.getLogger(__name__)


class Quarantine:
    """The corrupt lines of a predictions file: `<name>.quarantine` beside it.

    The file itself is left alone; its corrupt lines are skipped whenever it is read.
    """

    def __init__(self, predictions_path: Path) -> None:
        self.predictions_path = predictions_path
        self.path = predictions_path.with_name(f'{predictions_path.name}.quarantine')
        self._known: set[bytes] | None = None

    def add(self, line: bytes, number: int) -> None:
        """Keep a corrupt line, the `number`th of its file, unless it is kept already."""
        if self._known is None:
            self._known = self._read()
        digest = _digest(line)
        if digest in self._known:
            return
        self._known.add(digest)
        logger.warning(
            '%s: line %d is corrupt; it is skipped, kept in %s, and its sample is asked again',
            self.predictions_path,
            number,
            self.path.name,
        )
        self._keep(line)

    def _read(self) -> set[bytes]:
        try:
            with self.path.open('rb') as file:
                return {_digest(line) for line in file}
        except OSError:
            return set()

    def _keep(self, line: bytes) -> None:
        # Reading must also work where nothing can be written.
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        except OSError as error:
            logger.warning('%s cannot be written (%s)', self.path, error)
            return
        try:
            os.write(descriptor, line)
        except OSError as error:
            logger.warning('%s cannot be written (%s)', self.path, error)
        finally:
            os.close(descriptor)


def _digest(line: bytes) -> bytes:
    return blake2b(line, digest_size=16).digest()
