"""How many requests an endpoint bears: found by asking, not configured."""

import time
from collections.abc import Callable

START = 128  # a small server has a queue that no request times out in; the ramp does the rest
LOCAL_START = 256  # nobody else's requests wait behind ours on this machine
RAMP = 3  # more in flight for each answer at first: four times as many after each round
MIN_WINDOW = 16  # answers; fewer say nothing about the throughput
GROWTH = 1.05  # a window this much faster than the best is progress
SLOWER = 1.3  # answers this much slower than at the best limit mean a queue at the server
MEMORY = 50  # windows after which the best is forgotten, since the work changes
BACK_OFF = 0.5
USED = 0.8  # of the limit must be in flight, or its growth would mean nothing
STEP = 8  # more in flight after each window at most, once the first ramp is over


class AdaptiveLimit:
    """Multiplies while that brings more answers a second, then creeps up, and halves on a refusal.

    Growing latency alone is no reason to slow down, since engines batch: only where answers take
    longer and yet no more of them arrive do requests wait in a queue, and the limit falls to the
    one that was the best. `ceiling` is never exceeded.
    """

    def __init__(
        self, ceiling: int, start: int = START, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.ceiling = ceiling
        self.limit = float(min(start, ceiling))
        self.is_ramping = True
        self.lowered_at = float('-inf')
        self._clock = clock
        self._age = 0
        self._best_rate = 0.0
        self._best_limit = self.limit
        self._best_latency = float('inf')
        self._peak = 0
        self._open_window()

    def succeed(self, seconds: float, in_flight: int, weight: int = 1) -> None:
        """Count an answer that took `seconds`, while `in_flight` requests were open."""
        self._weight += weight
        self._seconds += seconds
        self._answers += 1
        self._peak = max(self._peak, in_flight)
        if self.is_ramping and self._is_used:
            self.limit = min(self.limit + RAMP, self.ceiling)
        if self._answers >= self._size:
            self._close_window()

    def refuse(self, began: float) -> None:
        """Halve after a refusal, once for all requests that were sent before the last halving."""
        if began <= self.lowered_at:
            return
        self.lowered_at = self._clock()
        self.is_ramping = False
        self.limit = max(1.0, self.limit * BACK_OFF)
        self._best_limit = min(self._best_limit, self.limit)
        self._open_window()

    def ramp_again(self) -> None:
        """Begin anew with half as many, after an outage that was not about their number."""
        self.is_ramping = True
        self.limit = max(1.0, self.limit * BACK_OFF)
        self._open_window()

    @property
    def _is_used(self) -> bool:
        return self._peak >= USED * self._limit_at_begin

    def _open_window(self) -> None:
        self._began = self._clock()
        self._limit_at_begin = self.limit
        self._size = max(MIN_WINDOW, int(self.limit))
        self._answers = 0
        self._peak = 0
        self._weight = 0
        self._seconds = 0.0

    def _close_window(self) -> None:
        rate = self._weight / max(self._clock() - self._began, 1e-6)
        latency = self._seconds / self._answers
        self._age += 1
        if rate > self._best_rate * GROWTH or self._age > MEMORY:
            self._best_limit, self._age = self._limit_at_begin, 0
            self._best_rate, self._best_latency = rate, latency
        elif latency > self._best_latency * SLOWER:
            self.is_ramping = False
            self.limit = max(1.0, self._best_limit)
        if not self.is_ramping and self._is_used:
            self.limit = min(self.limit + min(STEP, self.limit / 4), self.ceiling)
        self._open_window()
