"""Ceilings on requests and tokens: never exceeded, and no pace where they are not reached."""

import time
from collections.abc import Callable

BURST_SECONDS = 0.1  # of a ceiling's rate that may go out at once
MINUTE = 60.0
OUTPUT_GUESS = 256  # tokens of an answer before any has been seen


class Bucket:
    """Fills at `per_second` and is emptied by what goes out; below zero, nothing may."""

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float]) -> None:
        self.per_second = per_second
        self.burst = burst
        self.level = burst
        self._clock = clock
        self._filled_at = clock()

    def wait(self) -> float:
        """Return the seconds until the next unit may go out."""
        now = self._clock()
        self.level = min(self.burst, self.level + (now - self._filled_at) * self.per_second)
        self._filled_at = now
        return max(0.0, (self.burst if self.burst < 1 else 1.0) - self.level) / self.per_second

    def take(self, amount: float) -> None:
        """Count what goes out."""
        self.level -= amount


class Ceilings:
    """The ceilings of a model, over all of its addresses."""

    def __init__(
        self,
        query_per_second: float | None = None,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.requests = [
            Bucket(rate, max(1.0, rate * BURST_SECONDS), clock)
            for rate in (query_per_second, requests_per_minute and requests_per_minute / MINUTE)
            if rate
        ]
        per_second = (tokens_per_minute or 0) / MINUTE
        self.tokens = Bucket(per_second, per_second * MINUTE, clock) if per_second else None
        self._mean_output = float(OUTPUT_GUESS)

    def wait(self) -> float:
        """Return the seconds until the next request may go out; 0 means now."""
        if not self.requests and self.tokens is None:
            return 0.0
        buckets = self.requests if self.tokens is None else [*self.requests, self.tokens]
        return max(bucket.wait() for bucket in buckets)

    def begin(self, prompt_tokens: int) -> float:
        """Count a request that goes out; return the tokens that it is expected to take."""
        for bucket in self.requests:
            bucket.take(1)
        if self.tokens is None:
            return 0.0
        expected = prompt_tokens + self._mean_output
        self.tokens.take(expected)
        return expected

    def end(self, expected: float, prompt_tokens: int, output_tokens: int) -> None:
        """Correct the expectation by what the request really took."""
        if self.tokens is None:
            return
        self._mean_output += 0.05 * (output_tokens - self._mean_output)
        self.tokens.take(prompt_tokens + output_tokens - expected)
