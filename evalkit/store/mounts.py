"""Which kind of file system a path is on, and whether other hosts see its locks."""

import re
from dataclasses import dataclass
from pathlib import Path

MOUNTS = Path('/proc/self/mounts')

NETWORK_FILE_SYSTEMS = frozenset(
    {'9p', 'afs', 'beegfs', 'cifs', 'lustre', 'nfs', 'nfs4', 'smb3', 'smbfs', 'virtiofs'}
    | {'fuse.juicefs', 'fuse.s3fs', 'fuse.sshfs'}
)
"""Those where a flock may be invisible on another host, or is refused."""

BLIND = frozenset({'9p', 'afs', 'beegfs', 'fuse.s3fs', 'fuse.sshfs', 'virtiofs'})
"""Those of them that keep a flock to the host that took it, unless they are set up otherwise."""

BLIND_OPTIONS = frozenset({'nolock', 'local_lock=flock', 'local_lock=all', 'localflock', 'nobrl'})
"""Options of a mount that do so on any other (nfs(5), mount.lustre(8), mount.cifs(8))."""


@dataclass(frozen=True, slots=True)
class MountPoint:
    """A mounted file system: its type, and its options."""

    kind: str = 'unknown'
    options: frozenset[str] = frozenset()

    @property
    def is_network(self) -> bool:
        """Whether other hosts may write to it."""
        return self.kind in NETWORK_FILE_SYSTEMS

    @property
    def is_blind(self) -> bool:
        """Whether a flock is certainly not seen by other hosts."""
        return self.is_network and (self.kind in BLIND or bool(self.options & BLIND_OPTIONS))


def find_mount(path: Path, mounts: Path = MOUNTS) -> MountPoint:
    """Return the mount that holds `path`, one of the type 'unknown' if it cannot be told.

    `mounts` is a table in the format of /proc/mounts.
    """
    try:
        lines = mounts.read_text(errors='surrogateescape').splitlines()
        real_path = path.resolve()
    except OSError:
        return MountPoint()
    found, found_depth = MountPoint(), 0
    for line in lines:
        _, folder, kind, options, *_ = line.split(' ')
        mount_point = Path(_unescape(folder))
        # Of two mounts on one folder the later hides the earlier.
        depth = len(mount_point.parts)
        if real_path.is_relative_to(mount_point) and depth >= found_depth:
            found, found_depth = MountPoint(kind, frozenset(options.split(','))), depth
    return found


def _unescape(text: str) -> str:
    return re.sub(r'\\([0-7]{3})', lambda match: chr(int(match[1], 8)), text)
