"""One run a directory: the lock names the process that holds it."""

import json
import logging
import os
import socket
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType

from evalkit.errors import ConfigError
from evalkit.store.disk import disk_errors
from evalkit.store.locked_file import LockedFile
from evalkit.store.mounts import MOUNTS, NETWORK_FILE_SYSTEMS, file_system_type

logger = logging.getLogger(__name__)

LOCK_NAME = '.lock'
HOLDER_SECONDS = 1.0


class RunLock:
    """Holds the directory of a run, so that a second run of it ends with a ConfigError.

    The lock of a process that died is free at once. `mounts` is a table like /proc/mounts.
    """

    def __init__(self, root: Path, mounts: Path = MOUNTS) -> None:
        self.root = root
        self.path = root / LOCK_NAME
        self.mounts = mounts
        self._file: LockedFile | None = None

    def __enter__(self) -> 'RunLock':
        with disk_errors('lock', self.path):
            self.root.mkdir(parents=True, exist_ok=True)
            self._file = self._acquire()
            try:
                self._write_holder(self._file.descriptor)
            except OSError:
                self._file.close()
                raise
        self._warn_on_network()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is None or not self._file.is_open:
            return
        # The file stays: whoever removed it could remove the lock of the next holder.
        with disk_errors('unlock', self.path):
            os.ftruncate(self._file.descriptor, 0)
        self._file.close()

    def _acquire(self) -> LockedFile:
        try:
            return LockedFile(self.path)
        except BlockingIOError:
            raise ConfigError(
                f'{self.root} is in use by {self._read_holder()}; wait for it or stop it, '
                f'or leave out -r to begin a new run'
            ) from None

    def _write_holder(self, descriptor: int) -> None:
        holder = {
            'pid': os.getpid(),
            'host': socket.gethostname(),
            'start': datetime.now().astimezone().isoformat(timespec='seconds'),
        }
        if os.fstat(descriptor).st_size:
            logger.info('%s: took over the lock of a run that was killed', self.root)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps(holder).encode())

    def _read_holder(self) -> str:
        # Between its flock and its write the holder is nameless for an instant.
        deadline = time.monotonic() + HOLDER_SECONDS
        while time.monotonic() < deadline:
            try:
                holder = json.loads(self.path.read_bytes())
            except ValueError:
                time.sleep(0.02)
                continue
            return f'process {holder["pid"]} on {holder["host"]}, started {holder["start"]}'
        return 'another process'

    def _warn_on_network(self) -> None:
        kind = file_system_type(self.root, self.mounts)
        if kind in NETWORK_FILE_SYSTEMS:
            logger.warning(
                '%s is on %s, where the lock may not be safe: start no second run on another host',
                self.root,
                kind,
            )
