"""Ctrl-C once means: ask nothing new, keep what is nearly there, and stop."""

import signal
import time
from types import FrameType, TracebackType
from typing import Any

DRAIN_SECONDS = 5.0
HANG_SECONDS = 2.0


class Interrupt:
    """Turns the first SIGINT or SIGTERM into a flag; the second one interrupts at once.

    After `drain_seconds` no more answers are waited for. An engine that gives none, so that the
    flag is not looked at, is interrupted `hang_seconds` later.
    """

    def __init__(
        self, drain_seconds: float = DRAIN_SECONDS, hang_seconds: float = HANG_SECONDS
    ) -> None:
        self.drain_seconds = drain_seconds
        self.hang_seconds = hang_seconds
        self._deadline: float | None = None
        self._previous: dict[int, Any] = {}

    @property
    def is_requested(self) -> bool:
        """Whether nothing new may be asked."""
        return self._deadline is not None

    @property
    def is_over(self) -> bool:
        """Whether the time to wait for open answers is over, too."""
        return self._deadline is not None and time.monotonic() > self._deadline

    def __enter__(self) -> 'Interrupt':
        for number in (signal.SIGINT, signal.SIGTERM):
            self._previous[number] = signal.signal(number, self._request)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.is_requested:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _request(self, number: int, frame: FrameType | None) -> None:
        if self._deadline is not None:
            raise KeyboardInterrupt
        self._deadline = time.monotonic() + self.drain_seconds
        self._previous[signal.SIGALRM] = signal.signal(signal.SIGALRM, _hang)
        signal.setitimer(signal.ITIMER_REAL, self.drain_seconds + self.hang_seconds)


def _hang(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
