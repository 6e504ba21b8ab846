"""One queue for 64 replicas of uneven speed, and what it costs the driver.

    python -m benchmarks.replicas [--requests 1000000] [--replicas 64] [--seconds 300]

The replicas are scripted models in a few processes, slow ones and fast ones (by up to 16 times);
the driver deals them requests with the code of RayRunner, over pipes in place of Ray, and stores
every answer. Ideal is the time in which all replicas together could answer everything if nobody
ever waited. The speeds are set so that this takes about `--seconds`. Replicas would be on other
machines: where the simulated ones take what the driver does not need, the time says nothing.
"""

import argparse
import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from typing import cast

from evalkit.models import ScriptedModel
from evalkit.store import PredictionWriter
from evalkit.tasks.replicas.base import Answered, AnyRequest, Event, Replicas
from evalkit.tasks.replicas.deal import deal
from evalkit.tasks.replicas.server import EngineServer
from evalkit.types import Completion, GenerationParams, Prediction, Request

NUM_HOSTS = 4
SPREAD = 16.0
MEBIBYTE = 1 << 20
SHORTEST_SLEEP = 0.005

MAX_RATIO, MAX_CORES, MAX_MEBIBYTES = 1.05, 1.0, 1000.0
"""Of the time and the ideal one, and of what the driver uses; a whole run keeps them."""


class PacedModel(ScriptedModel):
    """A scripted model of a set speed: it makes up for sleeping too long, but for no idle time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(default='42')
        self.seconds = seconds
        self.free_at = 0.0

    def resume(self) -> None:
        """Note that nothing was done until now."""
        self.free_at = max(self.free_at, time.monotonic())

    def generate(self, requests: Iterable[Request]) -> Iterator[Completion]:
        """Yield answers at the set speed."""
        for completion in super().generate(requests):
            self.free_at += self.seconds
            ahead = self.free_at - time.monotonic()
            if ahead > SHORTEST_SLEEP:
                time.sleep(ahead)
            yield completion


class PipedReplicas(Replicas):
    """Replicas at the other ends of pipes."""

    def __init__(self, pipes: Sequence[Connection]) -> None:
        super().__init__(note=print)
        self.pipes = dict(enumerate(pipes))
        self.numbers = {pipe: number for number, pipe in self.pipes.items()}
        self.free = set(self.pipes)

    @property
    def num_alive(self) -> int:
        """Everybody lives."""
        return len(self.pipes)

    def send(self, number: int, requests: Sequence[AnyRequest]) -> None:
        """Send requests down a pipe."""
        self.pipes[number].send(requests)

    def wait(self) -> Iterator[Event]:
        """Wait for answers."""
        for pipe in wait(list(self.numbers)):
            connection = cast(Connection, pipe)
            yield Answered(self.numbers[connection], connection.recv())


def serve(pipe: Connection, seconds: float) -> None:
    """Be a replica, in a thread."""
    model = PacedModel(seconds)
    server = EngineServer(model)
    while (requests := pipe.recv()) is not None:
        model.resume()
        pipe.send(server.exchange(requests))


def host(pipes: Sequence[Connection], seconds: Sequence[float]) -> None:
    """Be a process with several replicas."""
    threads = [Thread(target=serve, args=pair) for pair in zip(pipes, seconds, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclass(frozen=True)
class Measured:
    """What a simulation took."""

    ideal_seconds: float
    seconds: float
    driver_cpu_seconds: float
    driver_mebibytes: float
    replicas_cpu_seconds: float

    @property
    def replicas_cores(self) -> float:
        """How many cores the simulated replicas kept busy, their start included."""
        return self.replicas_cpu_seconds / self.seconds

    @property
    def ratio(self) -> float:
        """The time over the ideal one."""
        return self.seconds / self.ideal_seconds

    @property
    def driver_cores(self) -> float:
        """How many cores the driver kept busy."""
        return self.driver_cpu_seconds / self.seconds

    @property
    def is_within_limits(self) -> bool:
        """Whether the queue is as fast and as light as it has to be."""
        is_light = self.driver_cores < MAX_CORES and self.driver_mebibytes < MAX_MEBIBYTES
        return self.ratio <= MAX_RATIO and is_light


def simulate(num_requests: int, num_replicas: int, about_seconds: float) -> Measured:
    """Ask everything once, and store it."""
    speeds = [SPREAD ** (number / max(num_replicas - 1, 1)) for number in range(num_replicas)]
    scale = num_requests / about_seconds / sum(speeds)
    seconds = [1 / (scale * speed) for speed in speeds]
    context = get_context('spawn')
    ends = [context.Pipe() for _ in range(num_replicas)]
    hosts = [
        context.Process(
            target=host, args=([there for _, there in ends[n::NUM_HOSTS]], seconds[n::NUM_HOSTS])
        )
        for n in range(NUM_HOSTS)
    ]
    for process in hosts:
        process.start()
    pipes = [here for here, _ in ends]
    warm_up(pipes)
    cpu, began = time.process_time(), time.monotonic()
    num_stored = ask_all(num_requests, PipedReplicas(pipes))
    took, cpu = time.monotonic() - began, time.process_time() - cpu
    for pipe in pipes:
        pipe.send(None)
    for process in hosts:
        process.join()
    assert num_stored == num_requests
    ideal = num_requests / sum(1 / one for one in seconds)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Measured(ideal, took, cpu, peak_mebibytes(), used.ru_utime + used.ru_stime)


def peak_mebibytes() -> float:
    """Return the most memory that this process has had; rusage also counts who started it."""
    [line] = re.findall(r'VmHWM:\s+(\d+) kB', Path('/proc/self/status').read_text())
    return int(line) * 1024 / MEBIBYTE


def warm_up(pipes: Sequence[Connection]) -> None:
    """Wait until every replica has started."""
    for pipe in pipes:
        pipe.send([])
    for pipe in pipes:
        pipe.recv()


def ask_all(num_requests: int, replicas: Replicas) -> int:
    """Deal the requests, and store each answer as it comes; return how many came."""
    params = GenerationParams()
    requests = (
        Request(f'{number:064x}', f'What is {number} plus {number}?', params)
        for number in range(num_requests)
    )
    num_stored = 0
    with tempfile.TemporaryDirectory() as folder, PredictionWriter(Path(folder, 'a.jsonl')) as file:
        for answer in deal(requests, replicas):
            assert isinstance(answer, Completion)
            file.append(Prediction(num_stored, answer.key, 'What is it?', answer.text, '42'))
            num_stored += 1
    return num_stored


def main() -> int:
    """Print the table of the README; return 1 if a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--requests', type=int, default=1_000_000)
    parser.add_argument('--replicas', type=int, default=64)
    parser.add_argument('--seconds', type=float, default=300.0, help='of the ideal run')
    options = parser.parse_args()
    found = simulate(options.requests, options.replicas, options.seconds)
    print(f'{options.requests:,} requests, {options.replicas} replicas, {os.cpu_count()} cores\n')
    print('| what | value |\n| --- | ---: |')
    print(f'| ideal time | {found.ideal_seconds:.1f} s |')
    print(f'| time | {found.seconds:.1f} s |')
    print(f'| over the ideal | {100 * (found.ratio - 1):.1f} % |')
    print(f'| cores used by the driver | {found.driver_cores:.2f} |')
    print(f'| cores used by the simulated replicas | {found.replicas_cores:.2f} |')
    print(f'| memory of the driver | {found.driver_mebibytes:.0f} MiB |')
    return int(not found.is_within_limits)


if __name__ == '__main__':
    sys.exit(main())
