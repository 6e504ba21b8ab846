"""The Python that runs programs: evalkit's own, or that of an environment that somebody names."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from evalkit.errors import ConfigError

OLDEST = (3, 9)
SECONDS = 60.0

ASK = """
import json, os, sys, sysconfig
paths = sysconfig.get_paths()
base = os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable)
print(json.dumps({
    'version': sys.version_info[:2],
    'interpreter': base,
    'packages': [paths['purelib'], paths['platlib']],
    'prefixes': [sys.base_prefix, sys.base_exec_prefix, os.path.dirname(base), sys.prefix],
}))
"""


@dataclass(frozen=True, slots=True)
class Environment:
    """An interpreter outside of any virtual environment, its packages, and what it must read."""

    interpreter: str
    packages: tuple[str, ...]
    prefixes: tuple[str, ...]


def own_environment() -> Environment:
    """Return the Python that runs now, with its packages, but not the rest of its environment."""
    interpreter = os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable)
    packages = (sysconfig.get_paths()[name] for name in ('purelib', 'platlib'))
    prefixes = (sys.base_prefix, sys.base_exec_prefix, str(Path(interpreter).parent))
    return Environment(interpreter, tuple(dict.fromkeys(packages)), prefixes)


@cache
def environment_of(python: str, named_by: str) -> Environment:
    """Return the environment of a Python by its path, or a name that PATH knows.

    `named_by` is the key or variable that names it; a `ConfigError` says so where it is no Python.
    """
    found = shutil.which(Path(python).expanduser())
    if found is None:
        raise ConfigError(f'{named_by} is {python}, but no program is there')
    try:
        done = subprocess.run(
            [found, '-c', ASK], capture_output=True, text=True, timeout=SECONDS, check=True, cwd='/'
        )
        told = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        why = (getattr(error, 'stderr', None) or type(error).__name__).strip().splitlines()[-1]
        raise ConfigError(f'{named_by}: {python} is no usable Python: {why}') from error
    if tuple(told['version']) < OLDEST:
        wanted = '.'.join(map(str, OLDEST))
        raise ConfigError(f'{named_by}: {python} is too old; programs are run by {wanted} or later')
    packages = tuple(dict.fromkeys(told['packages']))
    return Environment(told['interpreter'], packages, tuple(told['prefixes']))
