"""Find configs by the name of their file, as `--models`, `--datasets` and `--list` do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

from evalkit.config import did_you_mean, load_config, no_such_file
from evalkit.errors import ConfigError

Kind = Literal['models', 'datasets', 'summarizers']

FOLDERS: dict[Kind, tuple[str, ...]] = {
    'models': ('models',),
    'datasets': ('datasets', 'dataset_collections'),
    'summarizers': ('summarizers',),
}

FLAGS: dict[Kind, str] = {
    'models': '--models',
    'datasets': '--datasets',
    'summarizers': '--summarizer',
}

VARIABLES: dict[Kind, tuple[str, ...]] = {
    'models': ('models',),
    'datasets': ('_datasets', 'datasets'),
    'summarizers': ('summarizer',),
}
"""How the variables end that a named config is read for; the first that there is counts."""

MAX_SHOWN = 8
"""Candidates that an error names."""


@dataclass(frozen=True, slots=True)
class ConfigRow:
    """One line of `--list`; `place` is the path below its folder, as in 'gsm8k/gsm8k_gen'."""

    kind: Kind
    name: str
    place: str
    path: Path


def config_roots() -> tuple[Path, ...]:
    """Return the folders that are searched: `configs` here, then the one shipped with evalkit."""
    here, shipped = Path('configs'), Path(__file__).parents[1] / 'configs'
    return (here,) if here.resolve() == shipped.resolve() else (here, shipped)


def find_config(kind: Kind, name: str, roots: Sequence[Path] | None = None) -> Path:
    """Return the file `configs/<kind>/**/<name>.py`; `name` may have `*` and parent folders.

    The first root that has it wins. A name that ends in `.py` is the path of a file.
    """
    if name.endswith('.py'):
        if not Path(name).is_file():
            raise ConfigError(f'{FLAGS[kind]}: {no_such_file(Path(name))}')
        return Path(name)
    roots = config_roots() if roots is None else roots
    for root in roots:
        found = [row for row in config_rows(kind, root) if _matches(row, name)]
        if len(found) > 1:
            raise ConfigError(f'{FLAGS[kind]} {name}: several match: {_shown(found)}')
        if found:
            return found[0].path
    names = {row.name for root in roots for row in config_rows(kind, root)}
    searched = ', '.join(f'{root / folder}' for root in roots for folder in FOLDERS[kind][:1])
    hint = did_you_mean(name.split('/')[0], names, otherwise='; --list shows what there is')
    raise ConfigError(f'{FLAGS[kind]} {name}: there is no such config in {searched}{hint}')


def load_named(kind: Kind, name: str, roots: Sequence[Path] | None = None) -> list[dict[str, Any]]:
    """Return the dicts of a config that is found by its name.

    Of a dataset config, all variables whose names end in `_datasets`, one after the other; of a
    model config `models`; of a summarizer config `summarizer`. `name/suffix` takes the variables
    that end in `suffix` instead.
    """
    path, suffixes = _split(kind, name, roots)
    cfg = load_config(path)
    for suffix in suffixes:
        chosen = [value for key, value in cfg.items() if key.endswith(suffix)]
        dicts = [item for value in chosen for item in _dicts(value)]
        if dicts:
            return dicts
    wanted = ' or '.join(repr(suffix) for suffix in suffixes)
    known = [key for key, value in cfg.items() if any(_dicts(value))]
    hint = did_you_mean(suffixes[0], known, otherwise=f'; it has {", ".join(known) or "none"}')
    raise ConfigError(f'{path}: no variable with dicts in it ends in {wanted}{hint}')


def list_configs(
    patterns: Sequence[str] = (), roots: Sequence[Path] | None = None
) -> list[ConfigRow]:
    """Return the configs whose names contain or match one of `patterns`; all without one."""
    wanted = [p if any(c in p for c in '*?[') else f'*{p}*' for p in patterns] or ['*']
    rows: dict[tuple[Kind, str], ConfigRow] = {}
    for root in config_roots() if roots is None else roots:
        for kind in FOLDERS:
            for row in config_rows(kind, root):
                if any(_matches(row, pattern) for pattern in wanted):
                    rows.setdefault((kind, row.place), row)
    return sorted(rows.values(), key=lambda row: (list(FOLDERS).index(row.kind), row.place))


def config_rows(kind: Kind, root: Path) -> list[ConfigRow]:
    """Return every config of a kind below `root`, sorted by path."""
    rows = []
    for folder in FOLDERS[kind]:
        for path in sorted((root / folder).rglob('*.py')):
            if not path.stem.startswith('_'):
                place = path.relative_to(root / folder).with_suffix('').as_posix()
                rows.append(ConfigRow(kind, path.stem, place, path))
    return rows


def _split(kind: Kind, name: str, roots: Sequence[Path] | None) -> tuple[Path, tuple[str, ...]]:
    """Return the file of `name`, or of `name/suffix`, and how the wanted variables end."""
    head, slash, suffix = name.rpartition('/')
    try:
        return find_config(kind, name, roots), VARIABLES[kind]
    except ConfigError:
        if not slash or name.endswith('.py'):
            raise
    return find_config(kind, head, roots), (suffix,)


def _matches(row: ConfigRow, pattern: str) -> bool:
    """Tell whether the pattern is the name, or the end of the path with whole folder names."""
    return fnmatchcase(row.name, pattern) or fnmatchcase(f'/{row.place}', f'*/{pattern}')


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the dicts of a list, or the dict itself; nothing of other values."""
    if isinstance(value, Mapping):
        yield dict(value)
    elif isinstance(value, list | tuple) and all(isinstance(item, Mapping) for item in value):
        yield from value


def _shown(rows: Sequence[ConfigRow]) -> str:
    more = f' and {len(rows) - MAX_SHOWN} more' if len(rows) > MAX_SHOWN else ''
    return ', '.join(str(row.path) for row in rows[:MAX_SHOWN]) + more
