"""Which kind of file system a path is on."""

import re
from pathlib import Path

MOUNTS = Path('/proc/self/mounts')

NETWORK_FILE_SYSTEMS = frozenset(
    {'9p', 'afs', 'cifs', 'lustre', 'nfs', 'nfs4', 'smb3', 'smbfs', 'fuse.sshfs', 'fuse.s3fs'}
)
"""Those where a flock may be invisible on another host, or is refused."""


def file_system_type(path: Path, mounts: Path = MOUNTS) -> str:
    """Return the type of the file system that holds `path`, 'unknown' if it cannot be told.

    `mounts` is a table in the format of /proc/mounts.
    """
    try:
        lines = mounts.read_text(errors='surrogateescape').splitlines()
        real_path = path.resolve()
    except OSError:
        return 'unknown'
    found, found_depth = 'unknown', 0
    for line in lines:
        _, folder, kind, *_ = line.split(' ')
        mount_point = Path(_unescape(folder))
        # Of two mounts on one folder the later hides the earlier.
        depth = len(mount_point.parts)
        if real_path.is_relative_to(mount_point) and depth >= found_depth:
            found, found_depth = kind, depth
    return found


def _unescape(text: str) -> str:
    return re.sub(r'\\([0-7]{3})', lambda match: chr(int(match[1], 8)), text)
