"""An engine that never gets ready is ended after a time, whatever it hangs on."""

import threading
from collections.abc import Callable
from types import TracebackType

from evalkit.models.engine.processes import kill_descendants

GRACE_SECONDS = 10.0
"""From the end of an engine's processes until this one, which waits for them, is ended, too."""


class Deadline:
    """Ends an engine that is not ready after `seconds`; `has_passed` tells of it.

    Its processes are killed, so that whoever waits for them fails. An engine that hangs in this
    very process can be ended by nothing but the end of the process, which is for `give_up`.
    """

    def __init__(self, seconds: float, give_up: Callable[[], None]) -> None:
        self.seconds = seconds
        self.give_up = give_up
        self.has_passed = False
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name='engine-deadline', daemon=True)

    def __enter__(self) -> 'Deadline':
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        if self._is_over.wait(self.seconds):
            return
        self.has_passed = True
        kill_descendants()
        if not self._is_over.wait(min(GRACE_SECONDS, self.seconds)):
            self.give_up()
