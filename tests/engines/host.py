"""A model in a process of its own, seen from a test."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evalkit.types import Completion, Request, Scoring, ScoringRequest

CPU = Path(__file__).parent / 'cpu'
ROOT = Path(__file__).parents[2]
HAS_GPU = Path('/dev/nvidiactl').exists()
ON_CPU = {
    'PYTHONPATH': f'{CPU}{os.pathsep}{ROOT}',
    'SGLANG_USE_CPU_ENGINE': '1',
    'VLLM_CPU_KVCACHE_SPACE': '1',
    'VLLM_CPU_OMP_THREADS_BIND': 'nobind',
    'OMP_NUM_THREADS': '1',
    'HF_HUB_OFFLINE': '1',
}


class HostError(Exception):
    """An error of evalkit in the host: the name of its class and its text."""


class HostedModel:
    """A model of one class, in its process."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.engine: dict[str, Any] = {}

    def generate(self, requests: Sequence[Request]) -> dict[str, Completion]:
        """Return the completions by key, in the order in which they came."""
        return {answer.key: answer for answer, _ in self.stream(requests)}

    def stream(
        self, requests: Sequence[Request], num_wanted: int | None = None
    ) -> list[tuple[Completion, float]]:
        """Return completions in the order in which they came, and when."""
        return self.ask('generate', list(requests), num_wanted)

    def loglikelihood(self, requests: Sequence[ScoringRequest]) -> dict[str, Scoring]:
        """Return the scorings by key."""
        return {scoring.key: scoring for scoring in self.ask('loglikelihood', list(requests))}

    def ask(self, name: str, *arguments: Any) -> list[Any]:
        """Call a function of the host."""
        self.connection.send((name, arguments))
        items: list[Any] = []
        while True:
            kind, value = self.connection.recv()
            if kind == 'end':
                return items
            if kind == 'error':
                raise HostError(': '.join(value))
            items.append(value)


@contextmanager
def hosted(model_type: str, **arguments: Any) -> Iterator[HostedModel]:
    """Run a model of the class `model_type` of evalkit.models in a process of its own."""
    environment = {**os.environ, **({} if HAS_GPU else ON_CPU)}
    with TemporaryDirectory() as folder, (Path(folder) / 'log').open('w') as log:
        address = f'{folder}/socket'
        with Listener(address, family='AF_UNIX') as listener:
            command = [sys.executable, '-m', 'tests.engines.serve', address]
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
            try:
                with listener.accept() as connection:
                    model = HostedModel(connection)
                    [model.engine] = model.ask('build', f'evalkit.models.{model_type}', arguments)
                    yield model
            finally:
                process.kill()
                process.wait()
