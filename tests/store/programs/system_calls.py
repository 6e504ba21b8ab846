"""Makes the kernel refuse a system call, as a faulty disk would."""

import ctypes
import platform

_NUMBERS = {
    'x86_64': {'write': 1, 'flock': 73, 'fdatasync': 75, 'ftruncate': 77},
    'aarch64': {'write': 64, 'flock': 32, 'fdatasync': 83, 'ftruncate': 46},
}
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NUMBER, _FIRST_ARGUMENT = 0, 16  # where they are in struct seccomp_data
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


class _Instruction(ctypes.Structure):
    _fields_ = [
        ('code', ctypes.c_ushort),
        ('if_true', ctypes.c_ubyte),
        ('if_false', ctypes.c_ubyte),
        ('operand', ctypes.c_uint32),
    ]


class _Program(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('first', ctypes.POINTER(_Instruction))]


def refuse(name: str, error_number: int, descriptor: int) -> None:
    """From now on the system call `name` on `descriptor` fails in this process."""
    instructions = [
        _Instruction(_LOAD, 0, 0, _NUMBER),
        _Instruction(_JUMP_IF_EQUAL, 0, 3, _NUMBERS[platform.machine()][name]),
        _Instruction(_LOAD, 0, 0, _FIRST_ARGUMENT),
        _Instruction(_JUMP_IF_EQUAL, 0, 1, descriptor),
        _Instruction(_RETURN, 0, 0, _REFUSE | error_number),
        _Instruction(_RETURN, 0, 0, _ALLOW),
    ]
    array = (_Instruction * len(instructions))(*instructions)
    program = _Program(len(instructions), array)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), 'no_new_privs was refused')
    # TSYNC is left out: the filter must be set before the thread that it is to hit begins.
    if libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), 'the filter was refused')
