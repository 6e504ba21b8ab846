"""An engine with an asyncio interface: what becomes of its errors."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from evalkit.errors import BackendError
from evalkit.models.engine import Generated, Job, Output
from evalkit.models.engine.loop_port import LoopPort, LoopThread
from evalkit.models.huggingface_decoding import GenerationRow
from evalkit.models.request_error import RequestError
from evalkit.types import GenerationParams, Request


class Trouble(LoopPort):
    """Answers with the prompt, or raises the error that is kept for a prompt."""

    def __init__(self, thread: LoopThread) -> None:
        super().__init__(thread.loop)
        self.errors: dict[int, Exception] = {}
        self.is_dead = False
        self.num_dropped = 0

    async def answer(self, job: Job) -> Output:
        number = job.ids[0]
        if number in self.errors:
            raise self.errors[number]
        if self.is_dead:
            await asyncio.Event().wait()
        return Generated(job.ids, 'length', len(job.ids))

    async def drop_all(self) -> None:
        self.num_dropped += 1

    def check_alive(self) -> None:
        if self.is_dead:
            raise BackendError('the engine died')

    def describe(self) -> Mapping[str, Any]:
        return {}

    def close(self) -> None:
        pass


@pytest.fixture
def port() -> Iterator[Trouble]:
    thread = LoopThread('trouble')
    yield Trouble(thread)
    thread.close()


def ask_all(port: Trouble, num_jobs: int) -> dict[int, Output]:
    """Ask with the numbers from 0 on as prompts, and return what comes back by number."""
    for number in range(num_jobs):
        port.submit(GenerationRow(Request('', '', GenerationParams()), [number], 0))
    found: dict[int, Output] = {}
    while port.num_open:
        found |= {job.ids[0]: output for job, output in port.finished()}
    return found


def test_an_error_that_nobody_expected_is_that_of_its_request_and_logged(
    port: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    port.errors = {1: OSError('no route'), 2: TypeError('a bug\nof ours')}
    found = ask_all(port, 4)
    texts = [str(found[number]) for number in (1, 2)]
    assert all(isinstance(found[number], RequestError) for number in (1, 2))
    assert texts[0].startswith('engine: OSError: no route (test_loop_port.py, line ')
    assert texts[1].startswith('engine: TypeError: a bug of ours (test_loop_port.py, line ')
    assert sorted(found) == [0, 1, 2, 3]
    assert {type(found[number]) for number in (0, 3)} == {Generated}
    logged = sorted(message.removeprefix('a request failed: ') for message in caplog.messages)
    assert logged == sorted(text.removeprefix('engine: ') for text in texts)


def test_a_refused_request_fails_alone(port: Trouble) -> None:
    port.errors = {0: RequestError('bad_request', 'no')}
    found = ask_all(port, 2)
    assert str(found[0]) == 'bad_request: no'
    assert isinstance(found[1], Generated)


@pytest.mark.parametrize('errors', [{}, {0: OSError('reset')}])
def test_a_dead_engine_ends_the_call_with_nothing_to_drop(
    port: Trouble, errors: dict[int, Exception]
) -> None:
    port.errors, port.is_dead = errors, True
    with pytest.raises(BackendError, match='the engine died'):
        ask_all(port, 2)
    port.abort()
    assert (port.num_open, port.num_dropped) == (0, 0)


def test_an_error_that_ends_the_run_is_not_one_of_a_request(port: Trouble) -> None:
    port.errors = {0: BackendError('out of memory')}
    with pytest.raises(BackendError, match='out of memory'):
        ask_all(port, 1)
