"""A dataset is done when its manifest says so, never because a file exists."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from evalkit.errors import StoreError
from evalkit.store.disk import disk_errors
from evalkit.store.files import read_json, write_json
from evalkit.store.reader import shard_paths

MANIFEST_NAME = 'manifest.json'


def write_manifest(folder: Path, keys: Iterable[str]) -> None:
    """Declare that `folder` holds an answer to each of `keys`; the caller has made sure of it."""
    write_json(folder / MANIFEST_NAME, _manifest(folder, keys))


def is_done(folder: Path, keys: Iterable[str]) -> bool:
    """Return whether `folder` was declared to answer exactly `keys`, and its files are as then."""
    path = folder / MANIFEST_NAME
    if not path.exists():
        return False
    try:
        return bool(read_json(path) == _manifest(folder, keys))
    except StoreError:
        return False


def _manifest(folder: Path, keys: Iterable[str]) -> dict[str, Any]:
    ordered = sorted(keys)
    # The sizes tell when a shard was lost, cut or added after the declaration.
    shards = shard_paths(folder)
    with disk_errors('read', folder):
        sizes = {path.name: path.stat().st_size for path in shards}
    return {
        'num_records': len(ordered),
        'keys_hash': sha256('\n'.join(ordered).encode('utf-8', 'surrogatepass')).hexdigest(),
        'file_bytes': sizes,
    }
