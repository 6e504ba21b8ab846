"""Runs one program after another in sandboxes, watches each, and leaves nothing of it.

Its standard input brings a line of JSON with the plan, then one for each program; a line with the
verdict goes back. It has a session of its own and an empty environment, and ends with its input:
whatever happens to evalkit, what a program has started ends, too.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import cases, landlock, needed, privileges, seccomp, stage
from .folder import Folder
from .kernel import PR_SET_CHILD_SUBREAPER, prctl
from .processes import kill_descendants
from .watch import Watch

COMMANDS = 0

COMPILED = (cases, landlock, needed, privileges, seccomp, stage)
"""Each program imports them; that this process does so, too, leaves them compiled on the disk."""

FIRST_OWN_USER = 2_000_000_000
FIRST_MAPPED_USER, NUM_MAPPED_USERS = 20_000, 40_000


def main() -> None:
    """Serve until the input ends."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lines = read_lines()
    plan = next(lines)
    uid = own_user() if plan['drops_user'] and os.geteuid() == 0 else None
    for program in lines:
        answer(run(plan, program, uid))


def run(plan: dict[str, Any], program: dict[str, Any], uid: int | None) -> dict[str, Any]:
    """Run a program and return its verdict, after everything that it has started is gone."""
    with Folder(uid) as folder:
        try:
            watch = Watch(plan, program, folder, uid)
        except OSError as error:
            return {'kind': 'error', 'reason': f'the sandbox does not start: {error}'}
        verdict = watch.verdict()
        is_gone = kill_descendants(uid)
        verdict['output'] = watch.captured()
        watch.close()
    if watch.is_abandoned:
        sys.exit()
    if not is_gone:
        verdict = {**verdict, 'kind': 'error', 'reason': 'some of its processes cannot be killed'}
    return verdict


def own_user() -> int:
    """Return a user that nobody else has: no two keepers share one, since they are alive."""
    lines = Path('/proc/self/uid_map').read_text().splitlines()
    num_users = sum(int(line.split()[2]) for line in lines)
    if num_users > FIRST_OWN_USER:
        return FIRST_OWN_USER + os.getpid() % (1 << 22)
    return FIRST_MAPPED_USER + os.getpid() % NUM_MAPPED_USERS


def read_lines() -> Iterator[dict[str, Any]]:
    """Yield the messages of the input; the next is read only when it is wanted."""
    received = bytearray()
    while chunk := os.read(COMMANDS, 1 << 16):
        received += chunk
        # Lines may be long: all that was received is looked through when there is an end in it.
        while b'\n' in chunk and b'\n' in received:
            line, _, rest = bytes(received).partition(b'\n')
            received = bytearray(rest)
            yield json.loads(line)


def answer(verdict: dict[str, Any]) -> None:
    """Write a line."""
    sys.stdout.write(json.dumps(verdict) + '\n')
    sys.stdout.flush()
