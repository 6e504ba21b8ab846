"""What a keeper is told of each kind of sandbox."""

import os
from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Any

from evalkit.sandbox.bubblewrap import SYSTEM_LINKS, bubblewrap_command
from evalkit.sandbox.environment import Environment, own_environment
from evalkit.sandbox.program import Limits

MEBIBYTE = 1 << 20
INSIDE = Path(__file__).parent / 'inside'
DEVICES = ('/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom')
SYSTEM = ('/usr', *SYSTEM_LINKS, '/etc/ld.so.cache', '/etc/localtime', '/nix/store')
OPEN_FILES = 128
OPEN_TO_ALL = 0o5
ADDRESS_SPACE_FACTOR = 4
"""A process may reserve more than it may use."""

SPARE_PROCESSES = 8
"""The kernel's limit is above ours, so that a program that passes ours is seen to do so."""

FIRST_KERNEL_THAT_COUNTS_PER_NAMESPACE = (5, 14)

ENVIRONMENT = {
    'PATH': '/usr/local/bin:/usr/bin:/bin',
    'HOME': '/tmp',
    'LANG': 'C.UTF-8',
    'PYTHONHASHSEED': '0',  # the same verdict every time, also where sets are printed
    'OMP_NUM_THREADS': '1',
    'OPENBLAS_NUM_THREADS': '1',
}
"""All that a program finds in its environment."""


def python(interpreter: str, module: str, *flags: str) -> list[str]:
    """Return the command that runs `main` of a module of `inside`, without evalkit."""
    # Older Pythons do not know -P: the first path is that of the current folder.
    start = f'import sys; sys.path[0] = {str(INSIDE.parent)!r}'
    run = f'from inside.{module} import main; del sys.path[0]; main(*map(int, sys.argv[1:]))'
    return [interpreter, '-s', '-S', *flags, '-c', f'{start}; {run}']


def readable_paths(environment: Environment) -> list[str]:
    """Return what a program may read: Python, its packages and the system's libraries."""
    paths = [*SYSTEM, *environment.prefixes, *environment.packages, str(INSIDE)]
    found = [path for path in dict.fromkeys(paths) if os.path.lexists(path)]
    return [path for path in found if not is_below(path, found)]


def is_below(path: str, others: list[str]) -> bool:
    """Whether a path lies in another one of a list."""
    return any(str(parent) in others for parent in Path(path).parents)


def is_closed(path: Path) -> bool:
    """Whether a folder is closed to other users."""
    return path.is_dir() and path.stat().st_mode & OPEN_TO_ALL != OPEN_TO_ALL


def is_behind_closed(path: Path) -> bool:
    """Whether other users cannot reach a path."""
    return is_closed(path) or any(not parent.stat().st_mode & 1 for parent in path.parents)


def plan_of(mode: str, limits: Limits, environment: Environment | None = None) -> dict[str, Any]:
    """Return the plan of a kind of sandbox: 'bubblewrap', 'landlock' or 'none'.

    Programs are run by the Python of an environment, by default of evalkit's own.
    """
    environment = environment or own_environment()
    readable = readable_paths(environment)
    is_wrapped, has_rules = mode == 'bubblewrap', mode == 'landlock'
    is_root = os.geteuid() == 0
    # In a file system of its own only the folders themselves count, and not those above them.
    is_locked = any(map(is_closed if is_wrapped else is_behind_closed, map(Path, readable)))
    command = (
        bubblewrap_command(readable, limits.disk_mb * MEBIBYTE, reads_closed_folders=is_locked)
        if is_wrapped
        else []
    )
    return {
        'command': [*command, *python(environment.interpreter, 'stage', '-B')],
        'environment': ENVIRONMENT,
        'drops_user': is_root and mode != 'none',
        'shares_processes': not is_wrapped,
        'limits': program_limits(limits),
        'stage': {
            'import_paths': list(environment.packages),
            'readable': readable,
            'devices': DEVICES,
            'landlock': has_rules,
            'seccomp': mode != 'none',
            'same_user': has_rules and not is_root,
            'reads_closed_folders': mode != 'none' and is_root and is_locked,
            'limits': kernel_limits(limits, has_own_user=has_own_user(mode)),
        },
    }


def program_limits(limits: Limits) -> Mapping[str, Any]:
    """Return what a program may use, in seconds, bytes and processes."""
    return {
        'seconds': limits.seconds,
        'case_seconds': limits.case_seconds,
        'memory': limits.memory_mb * MEBIBYTE,
        'processes': limits.processes,
        'disk': limits.disk_mb * MEBIBYTE,
        'output_most': limits.output_mb * MEBIBYTE,
        'output_kept': limits.output_kept,
    }


def has_own_user(mode: str) -> bool:
    """Whether the kernel counts the processes of a program apart from all others."""
    if mode == 'none':
        return False
    if os.geteuid() == 0:
        return True
    version = tuple(int(part) for part in os.uname().release.split('-')[0].split('.')[:2])
    return mode == 'bubblewrap' and version >= FIRST_KERNEL_THAT_COUNTS_PER_NAMESPACE


def kernel_limits(limits: Limits, *, has_own_user: bool) -> Mapping[str, int]:
    """Return the limits that the kernel keeps for each process, by their names in `resource`."""
    found = {
        'RLIMIT_CPU': ceil(limits.seconds) + 1,
        'RLIMIT_AS': limits.memory_mb * MEBIBYTE * ADDRESS_SPACE_FACTOR,
        'RLIMIT_FSIZE': limits.disk_mb * MEBIBYTE,
        'RLIMIT_NOFILE': OPEN_FILES,
        'RLIMIT_CORE': 0,
    }
    if has_own_user:
        found['RLIMIT_NPROC'] = limits.processes + SPARE_PROCESSES
    return found
