"""Packages that only some configs need: imported when one asks for them, with a hint if absent."""

import importlib
import warnings
from typing import Any

from evalkit.errors import ConfigError


def import_extra(module: str, extra: str) -> Any:
    """Return a module of one of evalkit's extras."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')  # their own affair, such as jieba's escape sequences
            return importlib.import_module(module)
    except ImportError as error:
        package = module.partition('.')[0]
        raise ConfigError(
            f"{package} is not installed: pip install 'evalkit[{extra}]' ({error})"
        ) from error
