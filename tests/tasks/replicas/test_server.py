"""An engine that is handed requests in portions, and replicas of it in this process."""

from collections.abc import Iterator, Sequence

from evalkit.models import BaseModel, ScriptedModel
from evalkit.tasks.replicas import Answered, EngineServer, Event, Ready, Replicas, ReplicatedModel
from evalkit.tasks.replicas.base import AnyRequest
from evalkit.types import Completion, GenerationParams, Request
from tests.models.growing import Growing


def request(key: str) -> Request:
    return Request(key, key, GenerationParams())


class NearReplicas(Replicas):
    """Two engines in this process."""

    def __init__(self) -> None:
        super().__init__(note=lambda line: None)
        self.servers = [EngineServer(ScriptedModel(default='ok'), 0.0) for _ in range(2)]
        self.events: list[Event] = [Ready(0), Ready(1)]

    @property
    def num_alive(self) -> int:
        return len(self.servers)

    def send(self, number: int, requests: Sequence[AnyRequest]) -> None:
        answers = self.servers[number].exchange(requests)
        self.events.append(Answered(number, answers))

    def wait(self) -> Iterator[Event]:
        events, self.events = self.events, []
        yield from events


class PatientModel(BaseModel):
    """Takes what there is before each answer, and gives the last one first."""

    def generate(self, requests: Iterator[Request]) -> Iterator[Completion]:  # type: ignore[override]
        taken: list[Request] = []
        while True:
            taken += list(requests)
            if not taken:
                return
            yield Completion(taken.pop().key, 'ok')


def test_a_portion_joins_what_the_engine_is_working_at() -> None:
    server = EngineServer(PatientModel(), slice_seconds=0.0)
    answers = server.exchange([request('a'), request('b')])
    answers += server.exchange([request('c')])
    answers += server.exchange([])
    assert [answer.key for answer in answers] == ['b', 'c', 'a']


def test_what_an_answer_brings_goes_into_the_queue_of_the_replicas() -> None:
    requests = Growing([request(f'{number}/1') for number in range(5)])
    found = []
    for answer in ReplicatedModel(NearReplicas()).generate(requests):
        found.append(answer.key)
        number, turn = answer.key.split('/')
        if int(turn) < 3:
            requests.waiting.append(request(f'{number}/{int(turn) + 1}'))
    assert sorted(found) == [f'{number}/{turn}' for number in range(5) for turn in (1, 2, 3)]
