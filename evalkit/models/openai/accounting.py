"""What was asked and what it cost: requests, retries, tokens, latencies and money."""

import math
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from evalkit.types import Usage

BUCKET = math.log(1.03)  # latencies within 3 % of each other count as the same
SHARES = {'p50': 0.5, 'p90': 0.9, 'p99': 0.99}
PRICED = ('prompt', 'cached', 'output')
PER_PRICE = 1_000_000  # tokens
REPORT_EVERY = 10.0  # seconds
SUMS = ('num_requests', 'num_answers', 'prompt_tokens', 'output_tokens', 'cached_tokens')
HISTOGRAMS = ('latencies', 'first_tokens')


class Latencies:
    """A histogram of durations; its size does not grow with their number."""

    def __init__(self) -> None:
        self.counts: Counter[int] = Counter()

    def add(self, seconds: float) -> None:
        """Count one duration."""
        self.counts[round(math.log(max(seconds, 1e-6)) / BUCKET)] += 1

    def percentiles(self) -> dict[str, float]:
        """Return the percentiles in seconds, exact to 3 %."""
        return {name: self._at(share) for name, share in SHARES.items() if self.counts}

    def _at(self, share: float) -> float:
        rank, seen = share * self.counts.total(), 0
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            if seen >= rank:
                return float(f'{math.exp(bucket * BUCKET):.3g}')
        return 0.0


class Accounting:
    """Counts of one model since it was made.

    `prices` are for a million tokens: `prompt`, `output` and `cached` (like `prompt` unless given).
    """

    def __init__(self, prices: Mapping[str, float] | None = None) -> None:
        self.prices = prices or {}
        self.began = time.monotonic()
        self.num_requests = 0
        self.num_answers = 0
        self.retries: Counter[str] = Counter()
        self.prompt_tokens = 0
        self.output_tokens = 0
        self.cached_tokens = 0
        self.paid: float | None = None
        self.latencies = Latencies()
        self.first_tokens = Latencies()

    def add_answer(self, seconds: float, usage: Usage, first_token: float | None) -> None:
        """Count an attempt that brought an answer."""
        self.num_answers += 1
        self.latencies.add(seconds)
        self.prompt_tokens += usage.prompt_tokens
        self.output_tokens += usage.output_tokens
        self.cached_tokens += usage.cached_tokens
        if first_token is not None:
            self.first_tokens.add(first_token)

    @property
    def cost(self) -> float | None:
        """What the tokens cost, in the currency of the prices."""
        if not self.prices:
            return self.paid
        prompt = self.prices.get('prompt', 0.0)
        cached = self.cached_tokens * self.prices.get('cached', prompt)
        fresh = (self.prompt_tokens - self.cached_tokens) * prompt
        output = self.output_tokens * self.prices.get('output', 0.0)
        return (fresh + cached + output) / PER_PRICE

    def summary(self) -> dict[str, Any]:
        """Return all counts as plain data."""
        counts: dict[str, Any] = {
            'requests': self.num_requests,
            'answers': self.num_answers,
            'retries': dict(self.retries),
            'prompt_tokens': self.prompt_tokens,
            'output_tokens': self.output_tokens,
            'cached_tokens': self.cached_tokens,
            'latency_seconds': self.latencies.percentiles(),
        }
        if self.first_tokens.counts:
            counts['first_token_seconds'] = self.first_tokens.percentiles()
        return counts if self.cost is None else {**counts, 'cost': self.cost}

    def state(self) -> dict[str, Any]:
        """Return what `add_state` of another process adds up, as JSON knows it."""
        state: dict[str, Any] = {name: getattr(self, name) for name in SUMS}
        state['retries'] = dict(self.retries)
        for name in HISTOGRAMS:
            counts = getattr(self, name).counts
            state[name] = {str(bucket): number for bucket, number in counts.items()}
        return state if self.cost is None else {**state, 'cost': self.cost}

    def add_state(self, state: Mapping[str, Any]) -> None:
        """Add what another process has counted; its cost was at its own prices."""
        for name in SUMS:
            setattr(self, name, getattr(self, name) + state[name])
        self.retries.update(state['retries'])
        for name in HISTOGRAMS:
            counts = {int(bucket): number for bucket, number in state[name].items()}
            getattr(self, name).counts.update(counts)
        if 'cost' in state:
            self.paid = (self.paid or 0.0) + state['cost']


def add_usages(usages: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the sum of several states; {} where nothing is counted."""
    counted = [usage for usage in usages if usage]
    if not counted:
        return {}
    accounting = Accounting()
    for usage in counted:
        accounting.add_state(usage)
    return accounting.state()


class RateReport:
    """Says now and then how fast requests go out, for `rpm_verbose`."""

    def __init__(self, accounting: Accounting) -> None:
        self.accounting = accounting
        self.at = time.monotonic()
        self.num_requests = 0

    def line(self, in_flight: int) -> str | None:
        """Return the line that is due, if it is."""
        now, requests = time.monotonic(), self.accounting.num_requests
        if now - self.at < REPORT_EVERY:
            return None
        rate = 60 * (requests - self.num_requests) / (now - self.at)
        self.at, self.num_requests = now, requests
        return f'{rate:.0f} requests a minute, {in_flight} in flight'
