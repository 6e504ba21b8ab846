"""mmengine's lazy configs, with two of its functions put right while a config is read."""

import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evalkit.config.keys import is_read
from evalkit.config.sources import installed_path

_LOCK = threading.Lock()


def read_lazily(path: Path) -> dict[str, Any]:
    """Execute a config file; what it imports (but for the standard library) stays a path.

    Names that were imported are left out, unless evalkit reads them: such a name was assigned
    data afterwards, or was imported outside `read_base`, which is an error.
    """
    from mmengine.config import Config

    with _LOCK, _repaired():
        cfg = Config.fromfile(str(path), lazy_import=True, format_python_code=False)
    every: dict[str, Any] = cfg.to_dict(keep_imported=True)
    imported = every.keys() - cfg.to_dict().keys()
    return {key: value for key, value in every.items() if key not in imported or is_read(key)}


def is_standard_library(module: str) -> bool:
    """Tell whether a config really imports `module` when it is read."""
    return module.partition('.')[0] in sys.stdlib_module_names or module.startswith(
        'mmengine.config'
    )


@contextmanager
def _repaired() -> Iterator[None]:
    """Exchange two functions of mmengine, and put them back.

    `_is_builtin_module` compares paths and takes the standard library of some virtual
    environments for a package, so that `deepcopy` in a config is a lazy object that cannot be
    called. `get_installed_path` needs pkg_resources, which setuptools no longer has, and refuses
    packages without an `__init__.py`.
    """
    from mmengine.config import config, utils

    is_builtin, installed = utils._is_builtin_module, config.get_installed_path
    utils._is_builtin_module = is_standard_library
    config.get_installed_path = lambda package: str(installed_path(package))
    try:
        with warnings.catch_warnings():
            # '\d' in a prompt is the config's own business.
            warnings.simplefilter('ignore', (SyntaxWarning, DeprecationWarning))
            yield
    finally:
        utils._is_builtin_module = is_builtin
        config.get_installed_path = installed
