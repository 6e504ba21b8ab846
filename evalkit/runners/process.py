"""One process a task, in a session of its own, that leaves nothing behind."""

import os
import secrets
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count

from evalkit.errors import BackendError
from evalkit.runners import watchdog
from evalkit.runners.tasklog import TaskLog
from evalkit.tasks.leash import LEASH

CHUNK_BYTES = 65536
POLL_SECONDS = 0.2
MAX_LAST_CHUNKS = 64


class Watchdog:
    """A small process that kills the children of this one when it is gone (see `watchdog`)."""

    def __init__(self) -> None:
        self.token = f'{os.getpid()}-{secrets.token_hex(8)}'
        self._numbers = count()
        script = [sys.executable, '-I', '-S', watchdog.__file__, f'{LEASH}={self.token}-']
        self._process = subprocess.Popen(
            script,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def new_leash(self) -> str:
        """Return the mark for the environment of one more child."""
        return f'{self.token}-{next(self._numbers)}'

    def watch(self, group: int) -> None:
        """Have a process group killed when this process ends."""
        self._tell(f'+{group}\n')

    def forget(self, group: int) -> None:
        """A process group has ended."""
        self._tell(f'-{group}\n')

    def close(self) -> None:
        """Let the watchdog kill whatever is left, and wait for it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        # A watchdog that somebody killed leaves the children to their leash; one that was closed
        # (ValueError) has killed them.
        with suppress(OSError, ValueError):
            os.write(self._process.stdin.fileno(), line.encode())


class Child:
    """A running command, the leader of a session, and all that it starts."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], dog: Watchdog) -> None:
        leash = dog.new_leash()
        self.mark = f'{LEASH}={leash}\0'.encode()
        self.dog = dog
        self._may_interrupt = threading.Lock()
        try:
            self.process = subprocess.Popen(
                command,
                env={**env, LEASH: leash},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise BackendError(f'cannot start {command[0]}: {error.strerror}') from error
        dog.watch(self.process.pid)

    def interrupt(self) -> None:
        """Ask the main process to finish, as Ctrl-C would; once, for twice would mean at once."""
        if self._may_interrupt.acquire(blocking=False):
            self.process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """Kill the main process and its group."""
        watchdog.kill_group(self.process.pid)

    def wait(self, log: TaskLog) -> int:
        """Copy the output to the log until the process ends; return its code, as Popen does.

        What the process has started and left behind is dead afterwards.
        """
        assert self.process.stdout is not None
        with self.process.stdout as pipe, selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while self.process.poll() is None:
                if selector.select(POLL_SECONDS) and not self._copy(log):
                    break
            code = self.process.wait()
            self.kill()
            watchdog.kill_marked(self.mark)
            self.dog.forget(self.process.pid)
            for _ in range(MAX_LAST_CHUNKS):
                if not selector.select(0) or not self._copy(log):
                    break
        return code

    def _copy(self, log: TaskLog) -> bool:
        """Copy what there is to read; False at the end of the output."""
        assert self.process.stdout is not None
        chunk = os.read(self.process.stdout.fileno(), CHUNK_BYTES)
        log.write(chunk)
        return bool(chunk)
