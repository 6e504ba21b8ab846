"""Asks several engines the requests of one call, until all are answered."""

from collections.abc import Iterable, Iterator

from evalkit.tasks.replicas.base import Answer, Answered, AnyRequest, Event, Lost, Replicas
from evalkit.tasks.replicas.queue import ChunkQueue


def deal(requests: Iterable[AnyRequest], replicas: Replicas) -> Iterator[Answer]:
    """Yield each answer as a replica gives it; what a lost one had open goes to others."""
    queue = ChunkQueue(requests, replicas.num_alive)
    while not queue.is_done:
        if replicas.is_stopping():
            queue.stop()
        hand_out(queue, replicas)
        for event in replicas.wait():
            yield from take_in(queue, replicas, event)


def hand_out(queue: ChunkQueue, replicas: Replicas) -> None:
    """Send each replica that waits for a word what it is to do."""
    for number in sorted(replicas.free):
        chunk = queue.take(number)
        if chunk or queue.num_open(number):
            replicas.free.discard(number)
            replicas.send(number, chunk)


def take_in(queue: ChunkQueue, replicas: Replicas, event: Event) -> Iterator[Answer]:
    """Yield the answers that an event brings."""
    if isinstance(event, Lost):
        num_open = queue.give_back(event.number)
        replicas.note(f'{event.reason}; its {num_open} open requests go back to the queue')
        yield from queue.failed()
        return
    replicas.free.add(event.number)
    if isinstance(event, Answered):
        yield from queue.answered(event.number, event.answers)
