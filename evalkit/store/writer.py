"""Appends predictions so that no kill and no full disk loses one that was acknowledged."""

import errno
import logging
import os
from pathlib import Path
from types import TracebackType

from evalkit.errors import StoreError
from evalkit.store.disk import disk_errors, storage_error, sync_folder
from evalkit.store.locked_file import LockedFile
from evalkit.store.records import encode_record
from evalkit.store.sync import BackgroundSync
from evalkit.types import Prediction

logger = logging.getLogger(__name__)

SYNC_SECONDS = 0.5
_BLOCK = 1 << 16


class PredictionWriter:
    """The one writer of a predictions file; opens it at once, and is used by one thread.

    A record survives the death of the process as soon as `append` has returned, and a power cut
    a second later. StoreError if the file is being written by another, or cannot be.
    """

    def __init__(self, path: Path, sync_seconds: float = SYNC_SECONDS) -> None:
        self.path = path
        with disk_errors('open', path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._lock()
            try:
                self._drop_torn_tail()
                sync_folder(path.parent)
            except OSError:
                self._file.close()
                raise
        self._sync = BackgroundSync(self._file.descriptor, sync_seconds)

    def __enter__(self) -> 'PredictionWriter':
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def append(self, prediction: Prediction) -> None:
        """Write one record whole, or raise StoreError and leave the file as it was."""
        if not self._file.is_open:
            raise StoreError(f'{self.path} is closed; nothing more can be written to it')
        if self._sync.error:
            raise storage_error('write', self.path, self._sync.error)
        line = encode_record(prediction)
        # Asked anew each time: an interrupt may have come between a write and its bookkeeping.
        size = os.fstat(self._file.descriptor).st_size
        try:
            self._write(line)
        except OSError as error:
            self._cut_to(size)
            raise storage_error('write', self.path, error) from error
        self._sync.note()

    def close(self) -> None:
        """Bring all records to the disk and give the file up; StoreError if the disk failed."""
        if not self._file.is_open:
            return
        self._sync.stop()
        self._file.close()
        if self._sync.error:
            raise storage_error('write', self.path, self._sync.error)

    def _lock(self) -> LockedFile:
        try:
            return LockedFile(self.path)
        except BlockingIOError:
            raise StoreError(
                f'{self.path} is being written by another process; wait for it or stop it'
            ) from None

    def _write(self, line: bytes) -> None:
        num_written = os.write(self._file.descriptor, line)
        if num_written == len(line):
            return
        # A short write means a full disk or a limit; trying the rest tells which.
        num_written += os.write(self._file.descriptor, line[num_written:])
        if num_written < len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _cut_to(self, size: int) -> None:
        try:
            os.ftruncate(self._file.descriptor, size)
        except OSError:
            # The torn record is dropped by whoever opens the file next; add nothing behind it.
            self._sync.stop()
            self._file.close()

    def _drop_torn_tail(self) -> None:
        descriptor = self._file.descriptor
        whole = _whole_size(descriptor)
        num_torn = os.fstat(descriptor).st_size - whole
        if num_torn:
            os.ftruncate(descriptor, whole)
            logger.info('%s: dropped a torn record of %d bytes at its end', self.path, num_torn)


def _whole_size(descriptor: int) -> int:
    """Return the number of bytes up to and with the last line feed."""
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - _BLOCK)
        position = os.pread(descriptor, end - start, start).rfind(b'\n')
        if position >= 0:
            return start + position + 1
        end = start
    return 0
