"""Where a config may import a user's own modules from.

The folder of the config and the current one are kept in an environment variable, because the
processes that run tasks must find the same modules. They are appended to `sys.path`, so that a
`json.py` or `datasets/` beside a config never hides the real one, as `PYTHONPATH` would.
"""

import os
import sys
from pathlib import Path

VARIABLE = 'EVALKIT_IMPORT_PATH'


def make_importable(*folders: Path) -> None:
    """Let `resolve_type`, here and in processes started from here, import from `folders`."""
    known = [folder for folder in os.environ.get(VARIABLE, '').split(os.pathsep) if folder]
    added = [str(folder.resolve()) for folder in folders]
    os.environ[VARIABLE] = os.pathsep.join(dict.fromkeys([*added, *known]))


def extend_import_path() -> None:
    """Append the folders that were made importable to `sys.path`."""
    folders = [*os.environ.get(VARIABLE, '').split(os.pathsep), str(Path.cwd())]
    sys.path.extend(dict.fromkeys(f for f in folders if f and f not in sys.path))
