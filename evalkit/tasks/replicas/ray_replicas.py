"""Replicas as actors of Ray, on this machine or on a cluster."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evalkit.errors import BackendError, EvalkitError
from evalkit.models.openai.accounting import add_usages
from evalkit.tasks.base import Task
from evalkit.tasks.plan import model_arguments
from evalkit.tasks.replicas.actor import Replica
from evalkit.tasks.replicas.base import Answered, AnyRequest, Event, Lost, Ready, Replicas
from evalkit.tasks.replicas.ray_cluster import connect, resources

POLL_SECONDS = 0.5
CLOSE_SECONDS = 5.0


class RayReplicas(Replicas):
    """One actor a replica; Ray places it, and starts it again where it died.

    What an actor is asked is never sent again by Ray: the queue knows what is open.
    ConfigError if Ray or the model cannot be had.
    """

    def __init__(
        self, task: Task, note: Callable[[str], None], is_stopping: Callable[[], bool]
    ) -> None:
        super().__init__(note, is_stopping)
        assert task.on_ray is not None
        self.place = task.on_ray
        self.ray = connect(self.place)
        self.engines: dict[int, Mapping[str, Any]] = {}
        self.usages: dict[tuple[str, int], Mapping[str, Any]] = {}  # of each process that lived
        self.last_reason = ''
        self._calls: dict[Any, int] = {}
        self._arguments = self.ray.put(model_arguments(task.model))
        options = resources(self.ray, task)
        actor_class = self.ray.remote(Replica).options(
            max_restarts=self.place.num_restarts, **options
        )
        self._actors = {number: actor_class.remote() for number in range(self.place.num_replicas)}
        for number in self._actors:
            self._load(number)
        self._wait_for_one()

    @property
    def num_alive(self) -> int:
        """How many actors are left."""
        return len(self._actors)

    def send(self, number: int, requests: Sequence[AnyRequest]) -> None:
        """Call an actor, which answers after a moment."""
        self._calls[self._actors[number].exchange.remote(list(requests))] = number

    def wait(self) -> Iterator[Event]:
        """Wait for a call to end; see `Replicas`."""
        if not self._actors:
            raise BackendError(f'no replica is left; {self.last_reason}')
        done: list[Any] = []
        while not done:  # a signal is noticed between two looks
            done, _ = self.ray.wait(list(self._calls), timeout=POLL_SECONDS)
        others = [call for call in self._calls if call not in done]
        more = self.ray.wait(others, num_returns=len(others), timeout=0)[0] if others else []
        for call in [*done, *more]:
            event = self._event(call)
            if event is not None:
                yield event

    def describe(self) -> Mapping[str, Any]:
        """Say which engine runs, and where its replicas are."""
        engines = [self.engines[number] for number in sorted(self.engines)]
        first = dict(engines[0]) if engines else {}
        first.pop('place', None)
        return {**first, 'replicas': [engine['place'] for engine in engines]}

    def usage(self) -> Mapping[str, Any]:
        """Add up what the replicas have asked of a service, those that died included."""
        return add_usages(self.usages.values())

    def close(self) -> None:
        """End the actors, and Ray where it was started here."""
        closing = [actor.close.remote() for actor in self._actors.values()]
        if closing:
            self.ray.wait(closing, num_returns=len(closing), timeout=CLOSE_SECONDS)
        for actor in self._actors.values():
            self.ray.kill(actor)
        self._actors = {}
        self.ray.shutdown()

    def _load(self, number: int) -> None:
        """Call for the engine; Ray waits with it until the actor lives (again)."""
        load = self._actors[number].load.options(max_task_retries=-1)
        self._calls[load.remote(self._arguments)] = number
        self.engines.pop(number, None)

    def _wait_for_one(self) -> None:
        while not self.free:
            for event in self.wait():
                if isinstance(event, Lost):
                    self.note(event.reason)
                else:
                    self.free.add(event.number)

    def _event(self, call: Any) -> Event | None:
        """Return what the end of a call means."""
        number = self._calls.pop(call)
        try:
            value = self.ray.get(call)
        except self.ray.exceptions.RayActorError:
            return self._lost(number, 'died')
        except self.ray.exceptions.RayTaskError as error:
            return self._failed(number, error)
        if number in self.engines:
            place = self.engines[number]['place']
            self.usages[place['host'], place['pid']] = value.usage
            return Answered(number, value.answers)
        self.engines[number] = value
        return Ready(number)

    def _failed(self, number: int, error: Any) -> Event:
        """Start a replica anew whose engine has died; raise any other error."""
        cause = error.cause
        if not isinstance(cause, BackendError):
            raise cause if isinstance(cause, EvalkitError) else error
        self.ray.kill(self._actors[number], no_restart=False)
        return self._lost(number, f'lost its engine ({cause})')

    def _lost(self, number: int, how: str) -> Lost:
        """Wait for the actor's next life; there is none if it died while waiting for one."""
        place = self.engines.get(number, {}).get('place')
        where = f' (process {place["pid"]} on {place["host"]})' if place else ''
        self.last_reason = f'replica {number}{where} {how}'
        if number in self.engines or 'engine' in how:
            self._load(number)
        else:
            del self._actors[number]
            self.last_reason += ' for good'
        return Lost(number, self.last_reason)
