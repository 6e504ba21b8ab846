"""A server process: started, waited for, started again when it dies, and stopped with its kin."""

import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from evalkit.config import reveal_secrets
from evalkit.errors import BackendError
from evalkit.runners.attempts import child_environment
from evalkit.runners.process import Child, Watchdog
from evalkit.runners.tasklog import TaskLog
from evalkit.servers.command import ServerCommand
from evalkit.servers.place import Place
from evalkit.servers.ready import is_listening, refusal

POLL_SECONDS = 0.25
GRACE_SECONDS = 10.0


class Server:
    """Serves one model until it is closed; a `with` block starts and stops it.

    `command` runs under `python`. Whatever ends this process ends the server, and all that the
    server has started, too. One that dies after it was ready is started again, `restarts` times;
    then `failure` says why there is none, and `on_failure` is called in a thread of the server's.
    """

    def __init__(
        self,
        command: ServerCommand,
        place: Place,
        python: str,
        log: Path,
        *,
        is_chat: bool = True,
        restarts: int = 2,
        on_failure: Callable[[], None] = lambda: None,
    ) -> None:
        self.command = command
        self.place = place
        self.python = python
        self.log_path = log
        self.is_chat = is_chat
        self.restarts = restarts
        self.on_failure = on_failure
        self.failure: str | None = None
        self._dog = Watchdog()
        self._log = TaskLog(log, title=f'{command.package} at {place.base}')
        self._closing = threading.Event()
        self._was_ready = False
        self._child = self._spawn()
        self._keeper = threading.Thread(target=self._keep, name='server', daemon=True)
        self._keeper.start()

    def wait_until_ready(
        self, seconds: float, is_interrupted: Callable[[], bool] = lambda: False
    ) -> float:
        """Wait until the model answers and return how long that took.

        `BackendError` means that the server died, refuses the model, or needs more than `seconds`;
        `KeyboardInterrupt` that the user had enough.
        """
        began = time.monotonic()
        while (reason := self._obstacle()) is not None:
            if reason or self.failure:
                raise BackendError(self._told(self.failure or f'it answers {reason}'))
            if time.monotonic() - began > seconds:
                raise BackendError(self._told(f'it was not ready after {seconds:g} s'))
            if is_interrupted():
                raise KeyboardInterrupt
            time.sleep(POLL_SECONDS)
        self._was_ready = True
        return time.monotonic() - began

    def wait(self, is_interrupted: Callable[[], bool]) -> None:
        """Wait until the server has died for good (`BackendError`), or the user had enough."""
        while not is_interrupted():
            if self.failure is not None:
                raise BackendError(self._told(self.failure))
            time.sleep(POLL_SECONDS)

    @property
    def log_tail(self) -> tuple[str, ...]:
        """The end of what the server has said."""
        return tuple(self._log.tail)

    def close(self) -> None:
        """Ask the server to end, and kill after a while whatever is left of it."""
        self._closing.set()
        try:
            self._child.interrupt()
            self._keeper.join(GRACE_SECONDS)
        finally:
            self._child.kill()
            self._keeper.join(GRACE_SECONDS)
            self._dog.close()
            self._log.close()

    def __enter__(self) -> 'Server':
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _spawn(self) -> Child:
        environ = {**os.environ, **child_environment(os.environ)}
        secrets: Mapping[str, str] = reveal_secrets(dict(self.command.environment), os.environ)
        return Child([self.python, *self.command.arguments], {**environ, **secrets}, self._dog)

    def _keep(self) -> None:
        """Copy what the server says to its log, and start it again as long as that may help."""
        while True:
            code = self._child.wait(self._log)
            if self._closing.is_set():
                return
            if not self._was_ready or self.restarts <= 0:
                self.failure = f'it ended with exit code {code}'
                self.on_failure()
                return
            self.restarts -= 1
            self._child = self._spawn()

    def _obstacle(self) -> str | None:
        """Return None if the model answers, an empty text if not yet, or why it never will."""
        if self.failure is not None or not is_listening(self.place.base):
            return ''
        return refusal(self.place.base, self.command.model, is_chat=self.is_chat)

    def _told(self, why: str) -> str:
        """Return in one line why there is no server."""
        last = f' ({self._log.error})' if self._log.error else ''
        return (
            f'the {self.command.package} server of {self.command.model} is not there: {why}{last}; '
            f'see {self.log_path}'
        )
