"""The one owner of retries: after each failure it says what becomes of the request."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from evalkit.models.openai.failures import Blame, Failure

MAX_BACKOFF = 60.0  # seconds
FEW = 3  # attempts, where more would only cost: timeouts, garbled answers, the same error again
RATE_FACTOR = 4  # refusals a request may have for each attempt; most are not its fault


class Verdict(Enum):
    """What becomes of a request after a failed attempt."""

    AGAIN = 'ask it again later'
    FAIL = 'its sample has an error'
    STOP = 'nothing more can be asked of this endpoint'


@dataclass(frozen=True)
class RetryPolicy:
    """A budget of attempts and of time.

    A request has `retry` + 1 attempts and `seconds` from its first one on. Attempts that failed
    while the endpoint answered nobody do not count: then the endpoint itself has the same budget.
    """

    retry: int = 8
    seconds: float = 1800.0
    backoff_seconds: float = 1.0
    jitter: Callable[[], float] = random.random

    def backoff(self, num_failures: int) -> float:
        """Return seconds to wait, with full jitter, doubling up to a minute."""
        longest: float = min(MAX_BACKOFF, self.backoff_seconds * 2 ** min(num_failures, 16))
        return longest * self.jitter()


@dataclass(slots=True)
class History:
    """The failures of one request."""

    began: float | None = None
    num_successes: int = 0
    """Successes of all requests when this one last failed, or began."""
    num_failures: int = 0
    strikes: int = 0
    refusals: int = 0
    counts: dict[Blame, int] = field(default_factory=dict)
    same: int = 0
    last: Failure | None = None

    def begin(self, now: float, num_successes: int) -> None:
        """Note the first attempt."""
        if self.began is None:
            self.began, self.num_successes = now, num_successes

    def add(self, failure: Failure, num_successes: int) -> None:
        """Note a failure; it is a strike if others had success meanwhile."""
        progressed = num_successes > self.num_successes
        self.num_successes = num_successes
        self.num_failures += 1
        self.counts[failure.blame] = self.counts.get(failure.blame, 0) + 1
        if failure.blame is Blame.RATE:
            self.refusals += progressed
        else:
            self.strikes += progressed
        is_same = self.last is not None and self.last.text == failure.text
        self.same = self.same + 1 if is_same else 1
        self.last = failure


def judge(history: History, policy: RetryPolicy, now: float, *, is_alone: bool) -> Verdict:
    """Say what becomes of a request after its last failure.

    `is_alone` means that the endpoint has answered before, and that now nearly no other request
    fails there: then the same server error again and again is the request's own.
    """
    failure = history.last
    if failure is None or failure.blame is Blame.FATAL:
        return Verdict.STOP
    if failure.blame is Blame.SAMPLE:
        return Verdict.FAIL
    is_deterministic = failure.kind == 'server' and history.same >= FEW
    used_up = (
        now - (history.began or now) >= policy.seconds,
        history.strikes > policy.retry,
        history.refusals > policy.retry * RATE_FACTOR,
        history.counts.get(Blame.GARBLED, 0) >= FEW,
        history.counts.get(Blame.DEADLINE, 0) >= min(FEW, policy.retry + 1),
        is_deterministic and (history.strikes >= FEW or is_alone),
    )
    return Verdict.FAIL if any(used_up) else Verdict.AGAIN
