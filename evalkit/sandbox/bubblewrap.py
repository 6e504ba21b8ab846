"""The command line that makes a sandbox by bubblewrap (https://github.com/containers/bubblewrap)."""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

NOBODY = '65534'
SYSTEM_LINKS = ('/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32')


def find_bubblewrap() -> str | None:
    """Return the path of bubblewrap, if it is installed."""
    return shutil.which('bwrap')


def bubblewrap_command(
    readable: Iterable[str], disk_bytes: int, *, reads_closed_folders: bool
) -> list[str]:
    """Return the command before the one that is run inside.

    There are own processes, networks, and an own file system: `readable` paths, devices, and two
    folders in memory that can be written. Root keeps the right to become another user, since the
    limit of processes does not hold for root; anybody else is alone in a user namespace.
    """
    folder = ('--perms', '1777', '--size', str(disk_bytes), '--tmpfs')
    return [
        find_bubblewrap() or 'bwrap',
        *('--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'),
        *('--unshare-cgroup-try', '--die-with-parent', '--hostname', 'sandbox'),
        *who(reads_closed_folders),
        *(*folder, '/tmp'),
        *('--dev', '/dev', *folder, '/dev/shm'),
        *mounts(readable),
        *('--remount-ro', '/dev', '--remount-ro', '/', '--chdir', '/tmp', '--'),
    ]


def who(reads_closed_folders: bool) -> Sequence[str]:
    """Return the arguments that say who the program is."""
    if os.geteuid() == 0:
        kept = ['CAP_SETUID', 'CAP_SETGID']
        kept += ['CAP_DAC_READ_SEARCH'] if reads_closed_folders else []
        return ('--cap-drop', 'ALL', *(word for name in kept for word in ('--cap-add', name)))
    return ('--unshare-user', '--uid', NOBODY, '--gid', NOBODY)


def mounts(readable: Iterable[str]) -> list[str]:
    """Return the arguments for the paths; a folder above one must be open to everybody."""
    arguments: list[str] = []
    for path in readable:
        if path in SYSTEM_LINKS and Path(path).is_symlink():
            arguments += ['--symlink', str(Path(path).readlink()), path]
            continue
        for parent in reversed(Path(path).parents[:-1]):
            arguments += ['--dir', str(parent)]
        arguments += ['--ro-bind-try', path, path]
    return arguments
