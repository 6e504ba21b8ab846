"""Read a config file as plain data."""

import traceback
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from evalkit.config.lazy import read_lazily
from evalkit.config.paths import make_importable
from evalkit.config.plain import plain_config
from evalkit.config.sources import check_sources
from evalkit.config.suggest import did_you_mean, no_such_file
from evalkit.errors import ConfigError


def load_config(path: str | Path) -> dict[str, Any]:
    """Return the variables of a Python config file as plain data.

    Classes and functions become dotted paths, and nothing that they need is imported. Helper
    functions and modules are left out. Whatever goes wrong is a `ConfigError` of one line with
    the file, the line and the cause. Modules in the folder of the config, and in the current
    one, can be used as types from then on, also by the processes that this one starts.
    """
    path = Path(path).expanduser()
    if path.suffix != '.py':
        raise ConfigError(f'{path}: a config is a Python file, with the suffix .py')
    if not path.is_file():
        raise ConfigError(no_such_file(path))
    files = check_sources(path)
    try:
        cfg = read_lazily(path)
    except (Exception, SystemExit) as error:
        raise ConfigError(_describe(error, path, files)) from error
    check_imported(cfg, path)
    make_importable(path.parent, Path.cwd())
    return plain_config(cfg, path)


def check_imported(cfg: Mapping[str, Any], path: Path) -> None:
    """Refuse models or datasets that are a lazy import, which would be left out in silence."""
    for key in ('models', 'datasets', 'summarizer', 'model_dataset_combinations'):
        if isinstance(cfg.get(key), str):
            raise ConfigError(
                f'{path}: {key} is {cfg[key]!r}; what another config defines '
                'must be imported inside `with read_base():`'
            )


def _describe(error: BaseException, path: Path, files: set[Path]) -> str:
    """Say where in the config an error arose, and why."""
    frames = list(traceback.walk_tb(error.__traceback__))
    where, in_config = str(path), False
    for frame, line in frames:
        if Path(frame.f_code.co_filename).resolve() in files:
            where, in_config = f'{frame.f_code.co_filename}:{line}', True
    if in_config:
        return f'{where}: {_cause(error, frames[-1][0])}'
    for frame, _ in reversed(frames):
        if 'node' in frame.f_locals and 'self' in frame.f_locals:
            return _describe_import(error, frame)
    return f'{where}: {_cause(error, frames[-1][0])}'


def _cause(error: BaseException, frame: FrameType) -> str:
    if isinstance(error, RecursionError):
        return 'the data of the config refer to themselves'
    if isinstance(error, RuntimeError) and frame.f_code.co_name == '__call__':
        lazy = frame.f_locals['self']
        return (
            f'{lazy.module}.{lazy} is not imported while a config is read, '
            f'so it cannot be called; write dict(type={lazy}, ...)'
        )
    return f'{type(error).__name__}: {" ".join(str(error).split())}'.removesuffix(': ')


def _describe_import(error: BaseException, frame: FrameType) -> str:
    """Say which import mmengine stumbled over: the frame is of its `ImportTransformer`."""
    transformer, node = frame.f_locals['self'], frame.f_locals['node']
    where = f'{transformer.filename}:{node.lineno}'
    if isinstance(error, KeyError):
        module = frame.f_locals['module']
        names = transformer.base_dict[module]
        return f'{where}: {module} has no {error.args[0]}{did_you_mean(error.args[0], names)}'
    return f'{where}: {" ".join(str(error).split())}'
