"""Which files a program may open (Landlock, https://docs.kernel.org/userspace-api/landlock.html).

What is not listed cannot be opened, made or removed. The kernel says which version of Landlock it
knows: 2 also knows moves between folders, 3 truncation, 4 TCP, 5 devices, 6 abstract Unix sockets
and signals.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct

from .kernel import PR_SET_NO_NEW_PRIVS, prctl, syscall
from .syscalls import MACHINES, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

READ = 0b1101  # run, read files, read folders
FILE_RIGHTS = 0b1100000000000111  # run, write, read, truncate, control a device
NUM_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
ALL_FILE_RIGHTS = 16
BOTH_TCP = 0b11
BOTH_SCOPES = 0b11
TCP_VERSION, SCOPE_VERSION = 4, 6

GET_VERSION = 1
PATH_BENEATH = 1


def version() -> int:
    """Return the version that the kernel knows; 0 where there is none."""
    if os.uname().machine not in MACHINES:
        return 0
    try:
        return syscall(number('landlock_create_ruleset'), None, 0, GET_VERSION)
    except OSError:
        return 0


def restrict(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Allow this process, and all that it starts, to open what lies below these paths only."""
    known = version()
    everything = (1 << NUM_FILE_RIGHTS.get(known, ALL_FILE_RIGHTS)) - 1
    rules = new_ruleset(everything, known)
    for path in readable:
        allow(rules, path, READ)
    for path in writable:
        allow(rules, path, everything)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    syscall(number('landlock_restrict_self'), rules, 0)
    os.close(rules)


def new_ruleset(file_rights: int, known: int) -> int:
    """Return the descriptor of a set of rules that forbids all, until rules allow something."""
    fields = [file_rights]
    if known >= TCP_VERSION:
        fields.append(BOTH_TCP)
    if known >= SCOPE_VERSION:
        fields.append(BOTH_SCOPES)
    attributes = struct.pack(f'={len(fields)}Q', *fields)
    return syscall(number('landlock_create_ruleset'), attributes, len(attributes), 0)


def allow(rules: int, path: str, rights: int) -> None:
    """Allow rights below a path; one that is not there needs no rule."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
        rights &= FILE_RIGHTS
    rule = ctypes.create_string_buffer(struct.pack('=Qi', rights, descriptor))
    syscall(number('landlock_add_rule'), rules, PATH_BENEATH, rule, 0)
    os.close(descriptor)
