"""Who is handed which request; the clock is the real one, and nobody sleeps."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from evalkit.tasks.replicas import ChunkQueue
from evalkit.tasks.replicas.base import AnyRequest
from evalkit.tasks.replicas.queue import MAX_OPEN
from evalkit.types import Completion, GenerationParams, Request, Scoring, ScoringRequest

REQUEST = Request('', 'Say it.', GenerationParams())


def requests(num: int) -> Iterator[Request]:
    return (replace(REQUEST, key=f'q{number}') for number in range(num))


def answers(chunk: Iterable[AnyRequest]) -> list[Completion]:
    return [Completion(request.key, 'it') for request in chunk]


def keys(chunk: Iterable[AnyRequest]) -> list[str]:
    return [request.key for request in chunk]


def test_every_request_is_handed_out_once_and_answered_once() -> None:
    queue = ChunkQueue(requests(10_000), 3)
    found: list[str] = []
    while not queue.is_done:
        for number in range(3):
            chunk = queue.take(number)
            found += [answer.key for answer in queue.answered(number, answers(chunk))]
    assert sorted(found) == sorted(f'q{number}' for number in range(10_000))


def test_few_requests_are_shared_by_all_replicas() -> None:
    queue = ChunkQueue(requests(40), 4)
    assert [len(queue.take(number)) for number in range(4)] == [5, 5, 4, 4]


def test_a_replica_holds_work_for_as_long_as_the_others() -> None:
    queue = ChunkQueue(requests(100_000), 2)
    slow, fast = queue.take(0), queue.take(1)
    assert len(slow) == len(fast) == 64
    list(queue.answered(0, answers(slow[:6])))
    list(queue.answered(1, answers(fast)))
    assert queue.take(0)
    assert len(queue.take(1)) == MAX_OPEN
    assert queue.num_open(0) < MAX_OPEN / 2


def test_requests_are_taken_ahead_only_so_far() -> None:
    taken: list[str] = []

    def source() -> Iterator[Request]:
        for request in requests(1_000_000):
            taken.append(request.key)
            yield request

    queue = ChunkQueue(source(), 2)
    assert not queue.is_done
    assert len(taken) == 4096


def test_what_a_lost_replica_had_open_is_asked_first_and_in_small_chunks() -> None:
    queue = ChunkQueue(requests(1000), 2)
    lost = queue.take(0)
    [kept] = list(queue.answered(0, answers(lost[:1])))
    assert kept.key == 'q0'
    assert queue.give_back(0) == 63
    assert keys(queue.take(1)) == [f'q{number}' for number in range(1, 33)]


def test_a_late_answer_of_a_lost_replica_does_not_count_twice() -> None:
    queue = ChunkQueue(requests(2), 1)
    chunk = queue.take(0)
    queue.give_back(0)
    assert not list(queue.answered(0, answers(chunk)))
    assert keys(queue.take(1)) == ['q0']


def test_a_request_that_was_alone_at_two_deaths_fails_and_the_others_are_answered() -> None:
    queue = ChunkQueue(requests(100), 1)
    num_deaths = 0
    found: dict[str, str | None] = {}
    while not queue.is_done:
        chunk = queue.take(0)
        if 'q17' in keys(chunk):
            num_deaths += 1
            before = keys(chunk).index('q17')
            done, is_dead = chunk[:before], True
        else:
            done, is_dead = chunk, False
        found.update((answer.key, answer.error) for answer in queue.answered(0, answers(done)))
        if is_dead:
            queue.give_back(0)
        found.update((answer.key, answer.error) for answer in queue.failed())
    assert num_deaths == 4
    assert len(found) == 100
    assert {key: error for key, error in found.items() if error} == {
        'q17': 'poison: the engine died each time this request was asked'
    }


def test_after_a_stop_only_what_is_open_is_waited_for() -> None:
    queue = ChunkQueue(requests(1000), 1)
    chunk = queue.take(0)
    queue.stop()
    assert not queue.is_done
    list(queue.answered(0, answers(chunk)))
    assert queue.take(0) == []
    assert queue.is_done


def test_scorings_fail_as_scorings() -> None:
    queue = ChunkQueue([ScoringRequest('only', 'a', 'b')], 1)
    for _ in range(2):
        queue.take(0)
        queue.give_back(0)
    [failed] = queue.failed()
    assert isinstance(failed, Scoring)
    assert (failed.key, (failed.error or '')[:6]) == ('only', 'poison')
    assert queue.is_done
