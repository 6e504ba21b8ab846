"""From the keys of a config to the parts of a client; importing this imports aiohttp."""

import resource
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.models.openai.accounting import Accounting, RateReport
from evalkit.models.openai.addresses import Address, find_addresses
from evalkit.models.openai.ceilings import Ceilings
from evalkit.models.openai.client import Client
from evalkit.models.openai.concurrency import LOCAL_START, START, AdaptiveLimit
from evalkit.models.openai.endpoint import Endpoint
from evalkit.models.openai.exchange import Outlook
from evalkit.models.openai.payloads import DIALECTS, PayloadWriter
from evalkit.models.openai.retries import RetryPolicy
from evalkit.models.openai.transport import Deadlines
from evalkit.models.openai.truncation import make_truncation

__all__ = [
    'Accounting',
    'Ceilings',
    'Client',
    'Deadlines',
    'ExtraKwargs',
    'Outlook',
    'PayloadWriter',
    'RateReport',
    'RetryPolicy',
    'find_addresses',
    'make_endpoints',
    'make_truncation',
]

MAX_IN_FLIGHT = 1024  # of an endpoint; more than engines batch
OTHER_FILES = 128  # descriptors that are no connections


@dataclass(frozen=True)
class ExtraKwargs:
    """The config's `openai_extra_kwargs`, as the `openai` package's `create` takes them."""

    body: Mapping[str, Any]
    headers: Mapping[str, str]
    query: Mapping[str, str]
    timeout: float | None

    @classmethod
    def read(cls, kwargs: Mapping[str, Any], extra_body: Mapping[str, Any]) -> 'ExtraKwargs':
        """Tell fields of the body from options of the call."""
        rest = dict(kwargs)
        headers, query = rest.pop('extra_headers', None), rest.pop('extra_query', None)
        inner, timeout = rest.pop('extra_body', None), rest.pop('timeout', None)
        return cls({**rest, **(inner or {}), **extra_body}, headers or {}, query or {}, timeout)


def make_endpoints(
    addresses: Sequence[Address],
    policy: RetryPolicy,
    max_workers: int | None,
    dialect: str | None,
) -> list[Endpoint]:
    """Return the endpoints of a model with their budgets, before anything is asked."""
    if dialect is not None and dialect not in DIALECTS:
        near = did_you_mean(dialect, DIALECTS, otherwise=f'; known are {", ".join(DIALECTS)}')
        raise ConfigError(f"dialect='{dialect}' is unknown{near}")
    number = None if dialect is None else DIALECTS.index(dialect)
    ceiling = max(1, max_workers or MAX_IN_FLIGHT)
    ceiling = min(ceiling, max(1, _num_connections(ceiling * len(addresses)) // len(addresses)))
    starts = [LOCAL_START if address.is_local else START for address in addresses]
    return [
        Endpoint(address, AdaptiveLimit(ceiling, start), policy, dialect=number)
        for address, start in zip(addresses, starts, strict=True)
    ]


def _num_connections(wanted: int) -> int:
    """Return how many connections the process may open, and raise that as far as is needed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + OTHER_FILES
    if soft in (resource.RLIM_INFINITY,) or soft >= needed:
        return wanted
    allowed = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, allowed), hard))
    return max(soft, allowed) - OTHER_FILES
