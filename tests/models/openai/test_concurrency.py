"""How many requests are in flight, how fast they go out, and how few are pulled in advance."""

import gc
import time
from collections.abc import Iterator

from evalkit.models.openai.ceilings import Ceilings
from evalkit.models.openai.concurrency import AdaptiveLimit
from evalkit.types import Request
from tests.models.openai.ask import PARAMS, ask, chat, questions, user
from tests.models.openai.fault_server import FaultServer, say


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def serve(limit: AdaptiveLimit, clock: Clock, slots: int, rounds: int) -> list[int]:
    """Let a server with `slots` of 1 s each answer all that is in flight; return the limits."""
    limits = []
    for _ in range(rounds):
        in_flight = int(limit.limit)
        seconds = max(1.0, in_flight / slots)
        clock.now += seconds
        for _ in range(in_flight):
            limit.succeed(seconds, in_flight)
        limits.append(int(limit.limit))
    return limits


def test_it_rises_as_long_as_that_brings_more_answers_a_second() -> None:
    clock = Clock()
    assert serve(AdaptiveLimit(512, 32, clock), clock, 10_000, 3) == [128, 512, 512]


def test_it_falls_to_what_was_best_when_requests_only_queue_at_the_server() -> None:
    clock = Clock()
    limits = serve(AdaptiveLimit(4096, 64, clock), clock, 256, 40)
    assert max(limits) <= 4096
    assert all(250 <= limit <= 400 for limit in limits[10:])


def test_longer_answers_alone_do_not_lower_it() -> None:
    clock = Clock()
    limit = AdaptiveLimit(64, 64, clock)
    for seconds in (1, 2, 4, 8, 16, 32):
        clock.now += seconds
        for _ in range(64):
            limit.succeed(seconds, 64)
    assert limit.limit >= 64


def test_a_refusal_halves_it_once_for_what_was_sent_before() -> None:
    clock = Clock()
    limit = AdaptiveLimit(64, 64, clock)
    clock.now = 5.0
    for _ in range(10):
        limit.refuse(began=1.0)
    assert limit.limit == 32
    clock.now = 7.0
    limit.refuse(began=6.0)
    assert limit.limit == 16
    for _ in range(20):
        clock.now += 1
        limit.refuse(began=clock.now)
    assert limit.limit == 1


def test_it_does_not_rise_while_it_is_not_used() -> None:
    clock = Clock()
    limit = AdaptiveLimit(512, 64, clock)
    for _ in range(500):
        clock.now += 1
        limit.succeed(1.0, in_flight=2)
    assert limit.limit == 64


def test_max_workers_is_never_exceeded_and_is_reached() -> None:
    with FaultServer(lambda _: say('x', delay=0.05)) as server:
        assert len(ask(chat(server, max_workers=20), 200)) == 200
    assert server.most_open == 20


def test_it_finds_a_concurrency_of_hundreds_within_a_few_rounds() -> None:
    with FaultServer(lambda _: say('x', delay=0.2)) as server:
        model = chat(server)
        ask(model, 1000)
        [concurrency] = model.describe()['concurrency']
    assert concurrency >= 256
    assert server.most_open >= 256


def test_requests_are_pulled_only_as_there_is_room_for_them() -> None:
    num_pulled = 0

    def endless() -> Iterator[Request]:
        nonlocal num_pulled
        while True:
            num_pulled += 1
            yield Request(f'q{num_pulled}', user('q'), PARAMS)

    with FaultServer(lambda _: say('x')) as server:
        running = chat(server, max_workers=4).generate(endless())
        for taken in range(1, 51):
            next(running)
            assert num_pulled <= taken + 16
        running.close()  # type: ignore[attr-defined]


def test_answers_come_as_they_are_finished_and_not_in_order() -> None:
    with FaultServer(lambda asked: say('x', delay=0.5 if asked.text == 'q1' else 0)) as server:
        keys = [answer.key for answer in chat(server).generate(questions(20))]
    assert keys[-1] == 'q1'


def test_a_server_of_this_machine_that_thinks_for_long_is_not_waited_for() -> None:
    with FaultServer(lambda asked: say('x', delay=2.0 if asked.text == 'q0' else 0)) as server:
        keys = [answer.key for answer in chat(server).generate(questions(20))]
        assert (server.texts[0], keys[-1]) == ('q0', 'q0')


def test_the_garbage_collector_is_as_before_once_all_is_answered() -> None:
    usual = gc.get_threshold()
    with FaultServer(lambda _: say('x')) as server:
        running = chat(server).generate(questions(2))
        next(running)
        assert gc.get_threshold()[0] > usual[0]
        assert len(list(running)) == 1
    assert gc.get_threshold() == usual


def test_queries_a_second_are_a_ceiling() -> None:
    with FaultServer(lambda asked: say(asked.text)) as server:
        began = time.monotonic()
        assert len(ask(chat(server, query_per_second=20), 21)) == 21
        # Two may go at once, a tenth of a second's worth.
        assert 0.9 < time.monotonic() - began < 10


def test_a_ceiling_that_is_not_reached_costs_nothing() -> None:
    with FaultServer(lambda asked: say(asked.text)) as server:
        began = time.monotonic()
        assert len(ask(chat(server, query_per_second=10_000), 50)) == 50
        assert time.monotonic() - began < 2


def test_less_than_one_query_a_second_is_possible() -> None:
    clock = Clock()
    ceilings = Ceilings(query_per_second=0.5, clock=clock)
    assert ceilings.wait() == 0
    ceilings.begin(10)
    assert ceilings.wait() == 2
    clock.now = 2.0
    assert ceilings.wait() == 0


def test_tokens_a_minute_are_counted_as_they_really_were() -> None:
    clock = Clock()
    ceilings = Ceilings(tokens_per_minute=600, clock=clock)
    expected = ceilings.begin(prompt_tokens=400)
    assert expected == 656
    assert 5 < ceilings.wait() < 6
    ceilings.end(expected, prompt_tokens=400, output_tokens=100)
    assert ceilings.wait() == 0
    ceilings.begin(prompt_tokens=400)
    assert ceilings.wait() > 50


def test_requests_a_minute_are_a_ceiling_beside_queries_a_second() -> None:
    clock = Clock()
    ceilings = Ceilings(query_per_second=100, requests_per_minute=60, clock=clock)
    ceilings.begin(1)
    assert ceilings.wait() == 1
