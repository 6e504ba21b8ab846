"""What the operating system says about a disk, as one line that says what to do."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evalkit.errors import StoreError

_NO_ROOM = 'free some space, then run again with -r'
_NOT_WRITABLE = 'choose a work directory that can be written with -w'
_IN_THE_WAY = 'a file stands where a folder is needed; choose another work directory with -w'
_NO_DESCRIPTORS = 'no file descriptors are left; raise the limit with `ulimit -n`'

REMEDIES: dict[int | None, str] = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EFBIG: _NO_ROOM,
    errno.EROFS: _NOT_WRITABLE,
    errno.EACCES: _NOT_WRITABLE,
    errno.EPERM: _NOT_WRITABLE,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EEXIST: _IN_THE_WAY,
    errno.EMFILE: _NO_DESCRIPTORS,
    errno.ENFILE: _NO_DESCRIPTORS,
    errno.EIO: 'the disk is faulty or was taken away; check the system log',
}


def storage_error(action: str, path: Path, error: OSError) -> StoreError:
    """Return the error for an `action` (a verb) on `path`, with the free bytes and the remedy."""
    reason = error.strerror or str(error)
    text = f'cannot {action} {path}: {reason} ({_free_bytes(path)} bytes free)'
    remedy = REMEDIES.get(error.errno)
    return StoreError(f'{text}; {remedy}' if remedy else text)


@contextmanager
def disk_errors(action: str, path: Path) -> Iterator[None]:
    """Raise every OSError of the block as a StoreError about `path`."""
    try:
        yield
    except OSError as error:
        raise storage_error(action, path, error) from error


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut; raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems cannot sync a folder; they keep names by other means.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def _free_bytes(path: Path) -> int | str:
    for folder in path.absolute().parents:
        try:
            status = os.statvfs(folder)
        except OSError:
            continue
        return status.f_bavail * status.f_frsize
    return 'unknown'
