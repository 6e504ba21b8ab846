"""What the user probably meant."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


def did_you_mean(
    name: object, names: Iterable[object], *, otherwise: str = '', cutoff: float = 0.6
) -> str:
    """Return `'; did you mean x?'` for the nearest of `names`, or `otherwise` if none is near."""
    by_lower = {str(known).lower(): str(known) for known in names}
    near = get_close_matches(str(name).lower(), by_lower, n=1, cutoff=cutoff)
    return f'; did you mean {by_lower[near[0]]}?' if near else otherwise


def nearest_file(path: Path) -> Path | None:
    """Return the existing file whose path differs least from `path`, part by part."""
    if path.exists():
        return path
    parent = path.parent if path.parent == path else nearest_file(path.parent)
    if parent is None or not parent.is_dir():
        return None
    entries = [entry.name for entry in parent.iterdir() if entry.suffix in ('', path.suffix)]
    near = get_close_matches(path.name, sorted(entries), n=1, cutoff=0.6)
    return parent / near[0] if near else None


def no_such_file(path: Path) -> str:
    """Return `'there is no file x; did you mean y?'`."""
    near = nearest_file(path)
    return f'there is no file {path}' + (f'; did you mean {near}?' if near else '')
