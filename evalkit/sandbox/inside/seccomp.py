"""Which system calls a program may do: a filter that the kernel runs before each (seccomp-bpf)."""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from .kernel import PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, prctl
from .syscalls import number, numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

DENIED = (
    # What reaches other machines and other processes. Pipes and socket pairs are still there.
    *('socket', 'io_uring_setup', 'io_uring_enter', 'io_uring_register'),
    *('ptrace', 'process_vm_readv', 'process_vm_writev', 'pidfd_getfd', 'pidfd_send_signal'),
    *('kcmp', 'perf_event_open', 'bpf', 'userfaultfd', 'personality'),
    *('add_key', 'request_key', 'keyctl'),
    # Memory that no process of the program seems to use.
    *('memfd_create', 'memfd_secret', 'shmget', 'semget', 'msgget', 'mq_open'),
    # Files beside all rules, and other views of them.
    *('name_to_handle_at', 'open_by_handle_at', 'mknod', 'mknodat'),
    *('unshare', 'setns', 'chroot', 'pivot_root', 'mount', 'umount2', 'open_tree', 'move_mount'),
    *('fsopen', 'fsconfig', 'fsmount', 'fspick', 'mount_setattr'),
    # The machine itself.
    *('init_module', 'finit_module', 'delete_module', 'kexec_load', 'kexec_file_load', 'reboot'),
    *('swapon', 'swapoff', 'acct', 'quotactl', 'settimeofday', 'clock_settime', 'clock_adjtime'),
    *('adjtimex', 'sethostname', 'setdomainname', 'syslog', 'vhangup'),
)

DENIED_TO_SAME_USER = (
    # Landlock does not watch over these, and a file of the user's own would allow them.
    *('chmod', 'fchmod', 'fchmodat', 'fchmodat2', 'chown', 'fchown', 'lchown', 'fchownat'),
    *('utime', 'utimes', 'futimesat', 'utimensat', 'truncate', 'file_setattr'),
    *('setxattr', 'lsetxattr', 'fsetxattr', 'setxattrat'),
    *('removexattr', 'lremovexattr', 'fremovexattr', 'removexattrat'),
    *('setpriority', 'tkill', 'rt_sigqueueinfo', 'rt_tgsigqueueinfo'),
)

NEW_NAMESPACES = 0x7E020000
"""The flags of `clone` that make namespaces."""

ARCHITECTURES = {'x86_64': 0xC000003E, 'aarch64': 0xC00000B7}
X32_BIT = 0x40000000

LOAD, EQUAL, AT_LEAST, HAS_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
AT_NUMBER, AT_ARCHITECTURE, AT_FIRST_ARGUMENT = 0, 4, 16
MODE_FILTER = 2

Instruction = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand: one instruction of the classic Berkeley filter."""


def refuse(code: int) -> Instruction:
    """Let a call fail."""
    return RETURN, 0, 0, 0x00050000 | code


def filter_instructions(*, same_user: bool, own_pid: int) -> list[Instruction]:
    """Return the filter; a program of the same user as evalkit may do less."""
    program: list[Instruction] = [
        (LOAD, 0, 0, AT_ARCHITECTURE),
        (EQUAL, 1, 0, ARCHITECTURES[os.uname().machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, AT_NUMBER),
        (AT_LEAST, 0, 1, X32_BIT),
        (RETURN, 0, 0, KILL),
    ]
    for denied in numbers(DENIED + (DENIED_TO_SAME_USER if same_user else ())):
        program += [(EQUAL, 0, 1, denied), refuse(errno.EPERM)]
    # Without clone3 the C library falls back to clone, whose flags a filter can see.
    program += [(EQUAL, 0, 1, number('clone3')), refuse(errno.ENOSYS)]
    program += on_argument('clone', (HAS_BITS, 0, 1, NEW_NAMESPACES))
    program += on_argument('prlimit64', (EQUAL, 1, 0, 0))
    if same_user:
        for name in ('kill', 'tgkill'):
            program += on_argument(name, (EQUAL, 1, 0, own_pid))
    return [*program, (RETURN, 0, 0, ALLOW)]


def on_argument(name: str, test: Instruction) -> list[Instruction]:
    """Refuse a call by its first argument: `test` jumps over the refusal, or does not."""
    return [
        (EQUAL, 0, 4, number(name)),
        (LOAD, 0, 0, AT_FIRST_ARGUMENT),
        test,
        refuse(errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]


class FilterProgram(ctypes.Structure):
    """What the kernel wants: `struct sock_fprog`."""

    _fields_ = [('length', ctypes.c_ushort), ('filter', ctypes.c_char_p)]


def install(instructions: Sequence[Instruction]) -> None:
    """Filter the calls of this process and of all that it starts, for ever."""
    packed = b''.join(struct.pack('=HBBI', *each) for each in instructions)
    program = FilterProgram(len(instructions), packed)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(program))
