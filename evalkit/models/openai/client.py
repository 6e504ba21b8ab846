"""One model behind addresses: its exchanges share what was learned about the endpoints."""

import asyncio
import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from evalkit.models.openai.exchange import Exchange, Outlook
from evalkit.models.openai.jobs import Answer, Job
from evalkit.models.openai.payloads import DIALECTS
from evalkit.models.openai.transport import Deadlines, Transport

YOUNG_OBJECTS = 50_000  # before the garbage collector looks; what is in flight is no garbage


@dataclass(frozen=True)
class Client:
    """Runs exchanges, each in a loop of its own, in the thread that takes the answers."""

    outlook: Outlook
    deadlines: Deadlines
    stream: bool = False
    verify: bool = True

    def ask(self, jobs: Iterator[Job[Answer]]) -> Iterator[Answer]:
        """Yield the answers as they arrive; what is left in flight at the end is cancelled."""
        with _seldom_collecting(), _running_loop() as loop:
            transport = Transport(self.deadlines, stream=self.stream, verify=self.verify)
            exchange = Exchange(jobs, self.outlook, transport)
            run: Callable[..., Any] = loop.run_until_complete
            run(transport.open())
            try:
                while answers := run(exchange.next_answers()):
                    yield from answers
            finally:
                run(exchange.close())
                run(transport.close())

    def usage(self) -> Mapping[str, Any]:
        """Return what was counted so far."""
        return self.outlook.accounting.state()

    def describe(self) -> Mapping[str, Any]:
        """Say who answers, and what was asked so far."""
        endpoints = self.outlook.endpoints
        return {
            'engine': 'openai',
            'addresses': [endpoint.address.label for endpoint in endpoints],
            'served_model': self.outlook.served_model,
            'dialects': [DIALECTS[endpoint.dialect] for endpoint in endpoints],
            'concurrency': [int(endpoint.limit.limit) for endpoint in endpoints],
            **self.outlook.accounting.summary(),
        }


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Let the garbage collector run seldom: with hundreds in flight it takes a sixth of the time.

    Each of its runs also holds up all answers, which from then on arrive together.
    """
    usual = gc.get_threshold()
    gc.set_threshold(max(YOUNG_OBJECTS, usual[0]) if usual[0] else 0, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@contextmanager
def _running_loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    try:
        yield loop
    finally:
        # An interrupt leaves the coroutine that was being run.
        for task in asyncio.all_tasks(loop):
            task.cancel()
            loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
