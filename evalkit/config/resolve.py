"""The one place that knows how a name becomes an object."""

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Mapping
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from evalkit.config.paths import extend_import_path
from evalkit.config.suggest import did_you_mean
from evalkit.errors import ConfigError

PACKAGES = tuple(
    f'evalkit.{name}'
    for name in (
        'models',
        'datasets',
        'prompts',
        'inferencers',
        'evaluators',
        'partitioners',
        'runners',
        'summarizers',
        'postprocessors',
    )
)
"""Where a bare name, or the last name of an `opencompass.*` path, is looked up."""


LENT = (
    'opencompass.datasets',
    'opencompass.evaluator',
    'opencompass.openicl.icl_evaluator',
    'opencompass.utils',
)
"""Where an installed OpenCompass has datasets, evaluators and postprocessors of its own."""

REGISTRIES = ('LOAD_DATASET', 'ICL_EVALUATORS', 'TEXT_POSTPROCESSORS')
"""Where it keeps them under bare names, which may be no names of Python."""


def resolve_type(spec: Any, place: str = 'type') -> Any:
    """Return the class or function that `spec` means.

    `spec` is the object itself, a dotted path, a path below `opencompass` (evalkit's object of
    the same last name is taken, or OpenCompass's own where evalkit has none and it is installed),
    or a bare name such as 'GenInferencer' or 'first-capital'.
    `place` names the key in an error, for instance `models[0].type`.
    """
    if callable(spec):
        return spec
    if not isinstance(spec, str) or not spec:
        raise ConfigError(f'{place}: {spec!r} is not a class, a function or the path of one')
    if spec.startswith('.'):
        raise ConfigError(
            f'{place}: {spec} is relative; put the module beside the config and import it '
            f'absolutely, as in `from {spec.lstrip(".").rpartition(".")[0]} import ...`'
        )
    head, _, rest = spec.partition('.')
    if head == 'opencompass' or not rest:
        return _resolve_public(spec, place)
    return _import_path(spec, place)


def type_path(obj: Any) -> str:
    """Return the dotted path that `resolve_type` turns back into `obj`."""
    if isinstance(obj, str):
        return obj
    name = getattr(obj, '__qualname__', '')
    path = f'{getattr(obj, "__module__", None)}.{name}'
    if not name or _attribute(sys.modules.get(obj.__module__), name) is not obj:
        raise ConfigError(
            f'{name or repr(obj)} has no dotted path: a `type` must be defined at the top of a '
            'module, not in the config file itself; put it into a module beside the config'
        )
    return path


def public_names() -> dict[str, Any]:
    """Return what evalkit's packages export, by name; registry names of functions included."""
    return {name: obj for package in PACKAGES for name, obj in _names_of(package).items()}


@cache
def _names_of(package: str) -> Mapping[str, Any]:
    if importlib.util.find_spec(package) is None:
        return {}
    module = importlib.import_module(package)
    exported = {name: getattr(module, name) for name in _exported(module)}
    return {**getattr(module, 'POSTPROCESSORS', {}), **exported}


def _exported(module: ModuleType) -> list[str]:
    """Return `__all__`, or without one the public classes and functions."""
    if hasattr(module, '__all__'):
        return list(module.__all__)
    kinds = (type, FunctionType)
    return [k for k, v in vars(module).items() if not k.startswith('_') and isinstance(v, kinds)]


def _resolve_public(path: str, place: str) -> Any:
    name = path.rpartition('.')[2]
    for package in PACKAGES:
        found = _names_of(package).get(name)
        if callable(found):
            return found
    if is_lent(path):
        return _lent(path, place)
    registered = None if '.' in path else _registered(path, place)
    if registered is not None:
        return registered
    known = [name for name, obj in public_names().items() if callable(obj)]
    more = did_you_mean(name, known, otherwise='; write module.Name for one of your own')
    of = f' (of {path.rpartition(".")[0]})' if '.' in path else ''
    raise ConfigError(f'{place}: evalkit has no {name}{of}{more}')


def is_lent(path: str) -> bool:
    """Whether an installed OpenCompass may lend what evalkit does not have."""
    return any(path.startswith(f'{package}.') for package in LENT) and _has_lender()


def _has_lender() -> bool:
    return importlib.util.find_spec('opencompass') is not None


def _registered(name: str, place: str) -> Any:
    """Return what an installed OpenCompass has registered under a bare name, if anything."""
    if not _has_lender():
        return None
    _import_module('opencompass.datasets', name, place)  # which registers what it defines
    registries = _import_module('opencompass.registry', name, place)
    found = (getattr(registries, registry).module_dict.get(name) for registry in REGISTRIES)
    return next(filter(None, found), None)


def _lent(path: str, place: str) -> Any:
    """Return OpenCompass's own object; some of its modules hide others of the same name."""
    module, _, name = path.rpartition('.')
    lender = _import_module(module, path, place)
    if not callable(getattr(lender, name, None)):
        raise ConfigError(f'{place}: {module} has no {name}{did_you_mean(name, dir(lender))}')
    return getattr(lender, name)


def _import_path(path: str, place: str) -> Any:
    parts = path.split('.')
    found: Any = _import_module(parts[0], path, place)
    for index, part in enumerate(parts[1:], start=2):
        if not hasattr(found, part) and isinstance(found, ModuleType):
            module = '.'.join(parts[:index])
            if hasattr(found, '__path__') and importlib.util.find_spec(module):
                found = _import_module(module, path, place)
                continue
        if not hasattr(found, part):
            where = '.'.join(parts[: index - 1])
            more = did_you_mean(part, [*dir(found), *_elsewhere(path)])
            raise ConfigError(f'{place}: {where} has no {part}{more}')
        found = getattr(found, part)
    if not callable(found):
        raise ConfigError(f'{place}: {path} is a {_kind(found)}, not a class or a function')
    return found


def _elsewhere(path: str) -> list[str]:
    return list(public_names()) if path.startswith('evalkit.') else []


def _import_module(name: str, path: str, place: str) -> ModuleType:
    """Import a module; what goes wrong inside it is told with its file and line."""
    extend_import_path()
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name == name:
            hint = did_you_mean(path.rpartition('.')[2], public_names())
            raise ConfigError(
                f'{place}: {path}: there is no module {name}, '
                f'neither installed nor beside the config{hint}'
            ) from error
        raise ConfigError(_import_failure(error, path, place)) from error
    except Exception as error:
        raise ConfigError(_import_failure(error, path, place)) from error


def _import_failure(error: Exception, path: str, place: str) -> str:
    if isinstance(error, SyntaxError):
        where = f'{error.filename}:{error.lineno}'
    else:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if 'importlib' not in f[0]]
        where = f'{frames[-1].filename}:{frames[-1].lineno}'
    text = ' '.join(str(error).split())
    return f'{place}: {path} cannot be imported: {where}: {type(error).__name__}: {text}'


def _attribute(found: Any, qualname: str) -> Any:
    for part in qualname.split('.'):
        found = getattr(found, part, None)
    return found


def _kind(value: Any) -> str:
    return type(value).__name__
