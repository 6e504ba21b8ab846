"""Calls to the kernel that Python does not offer."""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47


def syscall(number: int, *arguments: object) -> int:
    """Do a system call; raise OSError where it fails."""
    return checked(LIBC.syscall(number, *arguments))


def prctl(option: int, *arguments: object) -> int:
    """Set a property of this process; raise OSError where that fails."""
    padded = [*arguments, 0, 0, 0, 0][:4]
    return checked(LIBC.prctl(option, *padded))


def checked(result: int) -> int:
    """Return a result, or raise the error that the kernel has left."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
