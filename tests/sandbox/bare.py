"""Runs a command without bubblewrap and Landlock: `python -m tests.sandbox.bare COMMAND ...`.

The kernel itself says that it has no Landlock: a filter of system calls, which children inherit,
and which does not allow the namespaces that bubblewrap needs.
"""

import errno
import os
import sys

from evalkit.sandbox.inside import seccomp
from evalkit.sandbox.inside.syscalls import numbers

MISSING = ('landlock_create_ruleset', 'landlock_add_rule', 'landlock_restrict_self')
FORBIDDEN = ('unshare', 'mount', 'pivot_root')


def be_bare() -> None:
    """Take both sandboxes away."""
    program: list[seccomp.Instruction] = [(seccomp.LOAD, 0, 0, seccomp.AT_NUMBER)]
    for number in numbers(MISSING):
        program += [(seccomp.EQUAL, 0, 1, number), seccomp.refuse(errno.ENOSYS)]
    for number in numbers(FORBIDDEN):
        program += [(seccomp.EQUAL, 0, 1, number), seccomp.refuse(errno.EPERM)]
    program += seccomp.on_argument('clone', (seccomp.HAS_BITS, 0, 1, seccomp.NEW_NAMESPACES))
    seccomp.install([*program, (seccomp.RETURN, 0, 0, seccomp.ALLOW)])


if __name__ == '__main__':
    be_bare()
    os.execvp(sys.argv[1], sys.argv[1:])
