"""Ctrl-C and SIGTERM as a count: one asks to finish, two to stop at once."""

import signal
import threading
import time
from types import FrameType, TracebackType
from typing import Any

SAME_PRESS_SECONDS = 0.2


class Interrupts:
    """Counts SIGINT and SIGTERM while the block runs; elsewhere than in the main thread, none.

    They count even where a shell has had them ignored, as it does for a run in the background of
    a script. Two signals within 0.2 s are one: a wrapper often passes on what the terminal has
    already sent to everybody.
    """

    def __init__(self) -> None:
        self.count = 0
        self._last = float('-inf')
        self._previous: dict[signal.Signals, Any] = {}

    def __enter__(self) -> 'Interrupts':
        if threading.current_thread() is not threading.main_thread():
            return self
        for number in (signal.SIGINT, signal.SIGTERM):
            self._previous[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if now - self._last > SAME_PRESS_SECONDS:
            self.count += 1
        self._last = now
