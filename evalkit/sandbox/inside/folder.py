"""The folder that a program may write to where the sandbox has no file system of its own."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType

MAX_DEPTH = 32
MAX_ENTRIES = 10_000


class Folder:
    """A new folder of a user's, removed with all that is in it."""

    def __init__(self, uid: int | None) -> None:
        self.path = tempfile.mkdtemp(prefix='evalkit-sandbox-')
        if uid is not None:
            os.chown(self.path, uid, uid)

    def __enter__(self) -> 'Folder':
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # `rm` goes as deep as a program can; `shutil.rmtree` ends in a RecursionError.
        try:
            Path(self.path).rmdir()
        except OSError:
            remover = shutil.which('rm', path='/bin:/usr/bin') or 'rm'
            subprocess.run([remover, '-rf', '--', self.path], check=False, stderr=-3)

    def is_too_full(self, most_bytes: int) -> bool:
        """Whether it holds more bytes than that, more files than is sane, or is too deep."""
        todo = [(self.path, 0)]
        total = num_entries = 0
        while todo:
            path, depth = todo.pop()
            for entry in entries(path):
                num_entries += 1
                total += size(entry)
                if entry.is_dir(follow_symlinks=False):
                    todo.append((entry.path, depth + 1))
                if total > most_bytes or num_entries > MAX_ENTRIES or depth > MAX_DEPTH:
                    return True
        return False


def entries(path: str) -> list['os.DirEntry[str]']:
    """Return what is in a folder; it may vanish while it is read."""
    try:
        with os.scandir(path) as found:
            return [entry for entry, _ in zip(found, range(MAX_ENTRIES + 1), strict=False)]
    except OSError:
        return []


def size(entry: 'os.DirEntry[str]') -> int:
    """Return how many bytes a file takes."""
    try:
        return entry.stat(follow_symlinks=False).st_blocks * 512
    except OSError:
        return 0
