"""One address with one key: whether it may be asked now, and when it is given up."""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import replace

from evalkit.models.openai.addresses import Address
from evalkit.models.openai.concurrency import AdaptiveLimit
from evalkit.models.openai.failures import Blame, Failure
from evalkit.models.openai.payloads import DIALECTS, FULL, OPENAI
from evalkit.models.openai.retries import RetryPolicy

logger = logging.getLogger(__name__)

TRIP = 8  # failures without a success between them open the breaker
PATIENCE = 5.0  # seconds that a new endpoint is asked nothing else while it thinks
LOCAL_PATIENCE = 0.1  # seconds; a wrong key or model is refused at once on this machine


class Endpoint:
    """A circuit breaker and a limit around an address.

    A new endpoint is asked one request alone, since a wrong key must not be tried twice. One that
    still thinks when its patience ends has accepted the key, and gets more. An endpoint that only
    fails is paused, and then probed by one request at a time, until it answers or the policy's
    budget of probes and of time is used up: then `is_dead`.
    """

    def __init__(
        self,
        address: Address,
        limit: AdaptiveLimit,
        policy: RetryPolicy,
        clock: Callable[[], float] = time.monotonic,
        dialect: int | None = None,
    ) -> None:
        self.address = address
        self.limit = limit
        self.policy = policy
        self.in_flight = 0
        usual = OPENAI if address.is_openai else FULL
        self.dialect = usual if dialect is None else dialect
        self.is_proven = False
        self.has_answered = False
        self.is_dead = False
        self.paused_until = float('-inf')
        self.failing: set[int] = set()
        self._clock = clock
        self._patience = LOCAL_PATIENCE if address.is_local else PATIENCE
        self._is_open = False
        self._opened_at = float('-inf')
        self._recovers_fast = False
        self._num_failures = 0
        self._num_trips = 0
        self._failing_since: float | None = None
        self._first_at: float | None = None

    @property
    def is_probing(self) -> bool:
        """Whether only one request at a time may go out."""
        if self._is_open:
            return True
        if self.is_proven:
            return False
        return self._first_at is None or self._clock() - self._first_at < self._patience

    def room(self) -> float:
        """Return how many more requests may be sent now."""
        if self.is_dead or self._clock() < self.paused_until:
            return 0
        return (1 if self.is_probing else int(self.limit.limit)) - self.in_flight

    def opens_at(self) -> float | None:
        """Return when to look again, if the passing of time alone makes room."""
        if self.is_dead:
            return None
        now = self._clock()
        if now < self.paused_until:
            return self.paused_until
        if not self._is_open and not self.is_proven and self._first_at is not None:
            alone_until = self._first_at + self._patience
            return alone_until if now < alone_until else None
        return None

    def begin(self) -> None:
        """Count a request that goes out."""
        self.in_flight += 1
        self._first_at = self._first_at or self._clock()

    def reconsider(self, failure: Failure) -> Failure:
        """Return the failure as it is to be read of an endpoint that has answered before.

        A 403 is then about the prompt, as some gateways moderate, and an unknown host a hiccup.
        """
        if failure.blame is not Blame.FATAL or not self.has_answered:
            return failure
        if failure.kind == 'connection':
            return replace(failure, blame=Blame.TRANSIENT)
        if failure.kind == 'forbidden':
            return replace(failure, blame=Blame.SAMPLE)
        return failure

    def succeed(self, seconds: float, weight: int) -> None:
        """Count an answer; it closes the breaker."""
        if self._is_open and self._recovers_fast:
            self.limit.ramp_again()
        self.is_proven = self.has_answered = True
        self._is_open = False
        self._num_failures = self._num_trips = 0
        self._failing_since = None
        self.failing.clear()
        self.limit.succeed(seconds, self.in_flight, weight)

    def fail(self, failure: Failure, job: int, began: float) -> None:
        """Count a failed attempt that began at `began`; it may pause, open or end the endpoint."""
        self.failing.add(job)
        self._failing_since = self._failing_since or self._clock()
        self._num_failures += 1
        if failure.blame is Blame.RATE:
            self._slow_down(failure, began)
        elif failure.retry_after is not None:
            self._pause(failure.retry_after)
        # What was sent before the breaker opened says nothing new.
        if began > self._opened_at and (self.is_probing or self._num_failures >= TRIP):
            self._trip(failure)

    def simplify(self, dialect: int) -> None:
        """Note that the server does not understand a dialect: the next one is tried."""
        if dialect < self.dialect:
            return
        self.dialect = dialect + 1
        logger.warning(
            "%s refuses sampling fields in the dialect '%s': '%s' is used",
            self.address.label,
            DIALECTS[dialect],
            DIALECTS[self.dialect],
        )

    def _slow_down(self, failure: Failure, began: float) -> None:
        if not self._is_open:  # a probe says nothing about concurrency
            self.limit.refuse(began)
        if failure.retry_after is not None:
            self._pause(failure.retry_after)
        elif began >= self.paused_until:
            self._pause(self.policy.backoff(0))

    def _pause(self, seconds: float) -> None:
        # Retry-After is a lower bound; the jitter keeps several runs apart.
        until = self._clock() + seconds * (1 + 0.1 * random.random())
        if until > self.paused_until:
            self.paused_until = until
            logger.info('%s: paused for %.1f s', self.address.label, until - self._clock())

    def _trip(self, failure: Failure) -> None:
        now = self._clock()
        self._is_open, self._opened_at = True, now
        since = now - (self._failing_since or now)
        if self._num_trips >= self.policy.retry or since >= self.policy.seconds:
            tried = f'{self._num_trips + 1} probes in {since:.0f} s'
            logger.error('%s: given up after %s: %s', self.address.label, tried, failure.text)
            self.is_dead = True
            return
        self._recovers_fast = failure.blame is not Blame.RATE
        self._pause(self.policy.backoff(self._num_trips))
        self._num_trips += 1
