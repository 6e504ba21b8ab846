"""Whole files that are either the old ones or the new ones, never in between."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from evalkit.errors import StoreError
from evalkit.store.disk import disk_errors, sync_folder

PROBE_BYTES = 64 * 1024
NUM_DESCRIPTORS = 64  # logs and pipes of 16 tasks, and what libraries open


def write_atomic(path: Path, content: str | bytes) -> None:
    """Replace `path` by a file with `content`; after any failure the old file is untouched.

    Text is written as UTF-8; what UTF-8 cannot hold (a lone surrogate) as its escape.
    """
    data = content.encode('utf-8', 'backslashreplace') if isinstance(content, str) else content
    # The name is not made from that of `path`, which may be as long as a name can be.
    temporary = path.parent / f'.{os.getpid()}-{secrets.token_hex(4)}.tmp'
    with disk_errors('write', path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _write_synced(temporary, data)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
        sync_folder(path.parent)


def _write_synced(path: Path, data: bytes) -> None:
    with path.open('xb') as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_json(path: Path, value: Any) -> None:
    """Replace `path` by `value` as indented ASCII JSON, atomically."""
    write_atomic(path, json.dumps(value, ensure_ascii=True, indent=1) + '\n')


def read_json(path: Path) -> Any:
    """Return the value in a JSON file; StoreError if it is missing or not JSON."""
    with disk_errors('read', path):
        data = path.read_bytes()
    return parse_json(path, data)


def parse_json(path: Path, data: bytes) -> Any:
    """Return the value in the bytes of a file; StoreError if they are not JSON."""
    try:
        return json.loads(data)
    except ValueError as error:
        raise StoreError(f'{path} is not JSON ({error}); remove it and run again') from error


def preflight(folder: Path) -> None:
    """Create `folder` and prove that a file in it can be written, synced, renamed and removed.

    Raises StoreError with the reason, so that a run fails before a model is loaded. That there
    are too few file descriptors for a run is such a reason.
    """
    with disk_errors('create', folder):
        folder.mkdir(parents=True, exist_ok=True)
    probe = folder / f'.probe-{os.getpid()}'
    write_atomic(probe, bytes(PROBE_BYTES))
    with disk_errors('remove', probe):
        probe.unlink()
    with disk_errors('open files in', folder):
        _use_descriptors(NUM_DESCRIPTORS)


def _use_descriptors(number: int) -> None:
    """Have so many files open for a moment."""
    opened: list[int] = []
    try:
        while len(opened) < number:
            opened.append(os.open(os.devnull, os.O_RDONLY))
    finally:
        for descriptor in opened:
            os.close(descriptor)
