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
from evalkit.store.mounts import MOUNTS, find_mount

logger = logging.getLogger(__name__)

LOCK_NAME = '.lock'
HOLDER_SECONDS = 1.0


class RunLock:
    """Holds the directory of a run, so that a second run of it ends with a ConfigError.

    The lock of a process that died is free at once. On a file system that keeps locks to the host
    that took them, a run that another host began and did not end is refused, too: it may go on.
    `mounts` is a table like /proc/mounts.
    """

    def __init__(self, root: Path, mounts: Path = MOUNTS) -> None:
        self.root = root
        self.path = root / LOCK_NAME
        self.mount = find_mount(root, mounts)
        self._file: LockedFile | None = None

    def __enter__(self) -> 'RunLock':
        with disk_errors('lock', self.path):
            self.root.mkdir(parents=True, exist_ok=True)
            self._file = self._acquire()
            try:
                self._check_other_hosts()
                self._write_holder(self._file.descriptor)
            except (OSError, ConfigError):
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

    def _check_other_hosts(self) -> None:
        if not self.mount.is_blind or not (text := self.path.read_bytes()):
            return
        if (host := json.loads(text).get('host')) == socket.gethostname():
            return
        raise ConfigError(
            f'{self.root} may be in use by {self._read_holder()}: on {self.mount.kind} its lock is '
            f'not seen here; go on with it on {host}, or remove {self.path} if that run has ended'
        )

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
        if self.mount.is_network:
            how = 'is not seen by other hosts' if self.mount.is_blind else 'may not be safe'
            logger.warning(
                '%s is on %s, where the lock %s: start no second run on another host',
                self.root,
                self.mount.kind,
                how,
            )
