"""A task must not outlive the run that started it."""

import ctypes
import os
import signal
import sys

LEASH = 'EVALKIT_LEASH'
"""Environment variable of a child: `<pid of the launching process>-<token>-<number>`."""

PR_SET_PDEATHSIG = 1


def hold_leash() -> None:
    """Die with the thread that started this process; without a leash do nothing.

    Only Linux can do this. What this process starts in turn is looked after by the watchdog of
    the launching process, which finds it by its process group and by the environment variable.
    """
    leash = os.environ.get(LEASH)
    if leash is None or sys.platform != 'linux':
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    # The launching process may have died before the kernel was told.
    if not is_alive(int(leash.partition('-')[0])):
        os.kill(os.getpid(), signal.SIGKILL)


def is_alive(pid: int) -> bool:
    """Tell whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
