"""A cache of the hub in a folder, as a download leaves it."""

from collections.abc import Mapping
from hashlib import sha1
from pathlib import Path


def save_to_cache(
    cache: Path, hub_id: str, texts: Mapping[str, str], revision: str = 'main'
) -> Path:
    """Write a revision of a repository with these files, and return its folder."""
    repository = cache / f'models--{hub_id.replace("/", "--")}'
    commit = sha1(f'{hub_id} {revision}'.encode()).hexdigest()
    folder = repository / 'snapshots' / commit
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text)
    (repository / 'refs').mkdir(exist_ok=True)
    (repository / 'refs' / revision).write_text(commit)
    return folder
