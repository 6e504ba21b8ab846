"""An engine with an asyncio interface, driven from a thread of its own."""

import asyncio
import queue
import threading
from abc import abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from typing import TypeVar

from evalkit.errors import BackendError, EvalkitError
from evalkit.models.engine.port import EnginePort, Job, Output, unexpected
from evalkit.models.request_error import RequestError

Value = TypeVar('Value')

LIVENESS_SECONDS = 1.0  # between two looks whether the engine is alive


class LoopThread:
    """An event loop in a thread of its own: signal handlers stay the process's own."""

    def __init__(self, name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.thread.start()

    def call(self, function: Callable[[], Value]) -> Value:
        """Return what `function` returns in the loop's thread."""

        async def run() -> Value:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result()

    def close(self) -> None:
        """Cancel what runs and end the thread."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        self.loop.run_until_complete(cancel_others())
        self.loop.close()


async def cancel_others() -> None:
    """End all tasks of the running loop but this one."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


class LoopPort(EnginePort):
    """Requests as coroutines on the engine's loop; answers come back through a queue."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.open: dict[Future[Output], Job] = {}
        self.done: queue.SimpleQueue[Future[Output]] = queue.SimpleQueue()

    @property
    def num_open(self) -> int:
        """How many requests the engine has not answered."""
        return len(self.open)

    def submit(self, job: Job) -> None:
        """Put a request into the engine."""
        future = asyncio.run_coroutine_threadsafe(self.answer(job), self.loop)
        self.open[future] = job
        future.add_done_callback(self.done.put)

    def finished(self) -> Iterator[tuple[Job, Output]]:
        """Wait for an answer, and yield those that are there."""
        first = self._next()
        yield self.open.pop(first), self._result(first)
        while True:
            try:
                future = self.done.get_nowait()
            except queue.Empty:
                return
            yield self.open.pop(future), self._result(future)

    def abort(self) -> None:
        """Drop all requests that are not answered."""
        if not self.open:
            return
        for future in self.open:
            future.cancel()
        asyncio.run_coroutine_threadsafe(self.drop_all(), self.loop).result()
        self.open = {}
        self.done = queue.SimpleQueue()

    @abstractmethod
    async def answer(self, job: Job) -> Output:
        """Ask the engine; runs on its loop. `RequestError` where it refuses this one."""

    @abstractmethod
    async def drop_all(self) -> None:
        """Make the engine drop what it runs; the coroutines are cancelled already."""

    @abstractmethod
    def check_alive(self) -> None:
        """Raise `BackendError` where the engine can answer no more."""

    def _next(self) -> Future[Output]:
        while True:
            try:
                return self.done.get(timeout=LIVENESS_SECONDS)
            except queue.Empty:
                self._check()

    def _check(self) -> None:
        """Raise `BackendError` where the engine is dead; then there is nothing left to drop."""
        try:
            self.check_alive()
        except BackendError:
            self.open = {}
            raise

    def _result(self, future: Future[Output]) -> Output:
        try:
            error = future.exception()
        except CancelledError as cancelled:
            raise BackendError('the engine ended and dropped what it was asked') from cancelled
        return future.result() if error is None else self._failure(error)

    def _failure(self, error: BaseException) -> RequestError:
        """Return the failure of one request; raise where it is that of the whole engine."""
        if isinstance(error, RequestError):
            return error
        if isinstance(error, EvalkitError) or not isinstance(error, Exception):
            raise error
        self._check()
        return unexpected(error)
