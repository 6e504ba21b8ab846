"""What a process may still do: its user, its capabilities and its limits."""

from __future__ import annotations

import ctypes
import os
import resource
import struct

from .kernel import PR_CAP_AMBIENT, PR_SET_KEEPCAPS, PR_SET_PDEATHSIG, prctl, syscall
from .syscalls import number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION = 0x20080522
AMBIENT_RAISE = 2
SIGKILL = 9


def drop_user(uid: int, *, reads_closed_folders: bool) -> None:
    """Become another user for ever, who owns nothing and whose processes can be counted.

    Where Python itself lies in a folder that is closed to other users, such as /root, the process
    keeps the capability to pass through; the sandbox decides what it can read behind it.
    """
    prctl(PR_SET_KEEPCAPS, int(reads_closed_folders))
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    keep_only(1 << CAP_DAC_READ_SEARCH if reads_closed_folders else 0)
    if reads_closed_folders:
        prctl(PR_CAP_AMBIENT, AMBIENT_RAISE, CAP_DAC_READ_SEARCH)


def keep_only(capabilities: int) -> None:
    """Give up all other capabilities."""
    header = ctypes.create_string_buffer(struct.pack('=Ii', CAPABILITY_VERSION, 0))
    low, high = (capabilities,) * 3, (0,) * 3
    syscall(number('capset'), header, ctypes.create_string_buffer(struct.pack('=6I', *low, *high)))


def limit(limits: Mapping[str, int]) -> None:
    """Set limits of this process and of each that it starts, by their names in `resource`."""
    for name, value in limits.items():
        which = getattr(resource, name)
        _, hard = resource.getrlimit(which)
        # The kernel ends what passes the hard limit of CPU time, and warns at the soft one.
        most = value + 1 if name == 'RLIMIT_CPU' else value
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (min(value, most), most))


def die_with(parent: int) -> None:
    """Die when the parent does; it may have died before the kernel was told."""
    prctl(PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
