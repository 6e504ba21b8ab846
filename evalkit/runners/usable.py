"""Whether another Python can do tasks at all, told before anything is asked."""

import os
import subprocess
from collections.abc import Iterable

from evalkit.errors import ConfigError
from evalkit.runners.attempts import child_environment
from evalkit.runners.interpreters import Interpreter

IMPORT_TASKS = 'import evalkit.tasks.run'


def check_usable(pythons: Iterable[Interpreter]) -> None:
    """Raise ConfigError if one of the Pythons on this machine lacks what evalkit imports."""
    for python in dict.fromkeys(pythons):
        if not python.is_this:
            check_imports(python)


def check_imports(python: Interpreter) -> None:
    """Raise ConfigError if a Python cannot import what does a task."""
    environ = {**os.environ, **child_environment(os.environ)}
    command = [python.path, '-c', IMPORT_TASKS]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f'exit code {done.returncode}']
        raise ConfigError(
            f'{python.named_by}: {python.path} cannot run evalkit ({lines[-1]}): install what it '
            f'needs there, by `{python.path} -m pip install -e .` in the folder of evalkit'
        )
