"""A file with one writer: a flock that dies with its process."""

import errno
import logging
import os
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from weakref import WeakSet

logger = logging.getLogger(__name__)

UNSUPPORTED = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})


class LockedFile:
    """A file that this process alone has open for changes, until `close` or its death.

    Raises BlockingIOError where another has it, and OSError where it cannot be opened. Child
    processes do not share the lock: exec and fork both close their copy of the descriptor.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        self.descriptor = os.open(path, flags, 0o666)
        try:
            flock(self.descriptor, LOCK_EX | LOCK_NB)
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                os.close(self.descriptor)
                raise
            logger.warning('%s cannot be locked (%s); let no other run write it', path, error)
        _open_files.add(self)

    @property
    def is_open(self) -> bool:
        """False after `close`, and in a forked child."""
        return self.descriptor >= 0

    def close(self) -> None:
        """Give the file up; does nothing the second time."""
        if self.is_open:
            os.close(self.descriptor)
        self.descriptor = -1
        _open_files.discard(self)


_open_files: WeakSet[LockedFile] = WeakSet()


def _close_in_child() -> None:
    for file in list(_open_files):
        file.close()


# A forked worker that outlives a killed parent would hold the parent's locks.
os.register_at_fork(after_in_child=_close_in_child)
