"""Rows 1 and 2 of docs/faults.md: 429 with Retry-After, and failures for ever."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from evalkit.errors import BackendError
from evalkit.models.openai.failures import retry_after
from tests.models.openai.ask import ask, chat, drain, questions
from tests.models.openai.fault_server import Act, Asked, FaultServer, error, say

GAP = 2.0


def refuse(wait: Callable[[], str], number: int) -> Callable[[Asked], Act]:
    def script(asked: Asked) -> Act:
        if asked.number == number:
            return error(429, 'slow down', {'Retry-After': wait()})
        return say(asked.text)

    return script


def in_two_seconds() -> str:
    """A date has no fractions, so that 2 s may be written as 2 to 3."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=GAP + 1), usegmt=True)


@pytest.mark.parametrize('wait', [lambda: f'{GAP:g}', in_two_seconds], ids=['seconds', 'date'])
def test_a_429_pauses_the_whole_endpoint_as_long_as_it_asks(wait: Callable[[], str]) -> None:
    with FaultServer(refuse(wait, number=5)) as server:
        answers = ask(chat(server, max_workers=2), 20)
    assert {key: answer.text for key, answer in answers.items()} == {
        f'q{index}': f'q{index}' for index in range(20)
    }
    assert len(server.asked) == 21
    gaps = [later.at - earlier.at for earlier, later in pairwise(server.asked)]
    assert GAP <= max(gaps) < 2 * GAP


def test_a_429_halves_the_concurrency() -> None:
    with FaultServer(refuse(lambda: '0', number=30)) as server:
        model = chat(server, max_workers=16)
        ask(model, 30)
        [concurrency] = model.describe()['concurrency']
        assert concurrency == 8
        assert model.describe()['retries'] == {'rate_limit': 1}


def test_many_429_at_once_halve_it_once() -> None:
    def script(asked: Asked) -> Act:
        if 18 <= asked.number <= 25:
            return error(429, 'slow down', delay=0.05)
        return say(asked.text, delay=0.05)

    with FaultServer(script) as server:
        model = chat(server, max_workers=8)
        assert len(ask(model, 28)) == 28
        [concurrency] = model.describe()['concurrency']
        assert concurrency in (4, 5)


@pytest.mark.parametrize(
    ('value', 'seconds'),
    [
        ('3', 3.0),
        ('0.5', 0.5),
        ('86400', 600.0),
        ('-1', 0.0),
        ('soon', None),
        ('Sun, 22 Nov 2026 00:00:10 GMT', 10.0),
        ('Sun, 22 Nov 2026 05:00:00 GMT', 600.0),
        ('Sat, 21 Nov 2026 00:00:00 GMT', 0.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert retry_after({'retry-after': value}, now) == seconds


def test_retry_after_in_milliseconds_goes_first() -> None:
    assert retry_after({'retry-after': '3', 'retry-after-ms': '250'}) == 0.25


@pytest.mark.parametrize('status', [429, 500, 503])
def test_an_endpoint_that_never_answers_is_given_up_after_its_budget(status: int) -> None:
    with FaultServer(lambda _: error(status, 'no')) as server:
        _, failure = drain(chat(server, retry=3), questions(50))
    assert failure.startswith(f'BackendError: {server.base} answered no more')
    assert f': {status} ' in failure
    assert len(server.asked) == 4
    assert server.most_open == 1


def test_what_was_asked_and_never_answered_has_an_error_and_the_rest_none() -> None:
    with FaultServer(lambda _: error(503, 'overloaded')) as server:
        answers, failure = drain(chat(server, retry=2), questions(50))
        asked = set(server.texts)
    assert failure.startswith('BackendError')
    assert {answer.key for answer in answers} == asked
    assert {answer.error for answer in answers} == {'server: 503 InternalServerError: overloaded'}


def test_the_budget_of_time_ends_it_before_the_attempts_are_used_up() -> None:
    began = time.monotonic()
    with FaultServer(lambda _: error(503, 'overloaded')) as server:
        model = chat(server, retry=10_000, retry_seconds=0.5, backoff_seconds=0.02)
        with pytest.raises(BackendError):
            list(model.generate(questions(5)))
    assert 0.5 <= time.monotonic() - began < 5


def test_an_endpoint_that_breaks_down_midway_keeps_what_it_answered() -> None:
    def script(asked: Asked) -> Act:
        return say(asked.text) if asked.number <= 10 else error(500, f'broken {asked.number}')

    with FaultServer(script) as server:
        answers, failure = drain(chat(server, retry=2, max_workers=4), questions(100))
    assert failure.startswith('BackendError')
    assert sum(answer.error is None for answer in answers) == 10
    assert len(server.asked) < 50


def test_a_second_run_asks_only_what_failed_and_the_endpoint_recovers() -> None:
    is_broken = [True]

    def script(asked: Asked) -> Act:
        return error(500, 'broken') if is_broken[0] else say(asked.text)

    with FaultServer(script) as server:
        with pytest.raises(BackendError):
            list(chat(server, retry=1).generate(questions(3)))
        is_broken[0] = False
        assert len(ask(chat(server), 3)) == 3


def test_an_endpoint_that_recovers_in_time_loses_nothing() -> None:
    def script(asked: Asked) -> Act:
        return error(503, 'loading') if 5 <= asked.number <= 25 else say(asked.text)

    with FaultServer(script) as server:
        answers = ask(chat(server, retry=50), 40)
    assert len(answers) == 40
    assert not any(answer.error for answer in answers.values())


def test_a_dead_address_is_left_to_the_others() -> None:
    with (
        FaultServer(lambda _: error(500, 'broken')) as dead,
        FaultServer(lambda asked: say(asked.text)) as alive,
    ):
        model = chat(alive, openai_api_base=[dead.base, alive.base], retry=2)
        answers = ask(model, 50)
    assert len(answers) == 50
    assert not any(answer.error for answer in answers.values())
    assert 1 <= len(dead.asked) <= 3
