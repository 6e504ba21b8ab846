"""A model in a process of its own, seen from a test."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
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
    """A model of one class, in its process, which stands still unless it is asked.

    An idle engine may take a whole core (SGLang's scheduler polls), and the tests have two.
    """

    def __init__(self, connection: Connection, log: Path, group: int) -> None:
        self.connection = connection
        self.log = log
        self.group = group
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
        items: list[Any] = []
        os.killpg(self.group, signal.SIGCONT)
        try:
            self.connection.send((name, arguments))
            while (answer := self.connection.recv())[0] == 'item':
                items.append(answer[1])
        except (EOFError, BrokenPipeError) as error:
            raise AssertionError(f'the host ended:\n{self.log.read_text()[-3000:]}') from error
        finally:
            os.killpg(self.group, signal.SIGSTOP)
        if answer[0] == 'error':
            raise HostError(': '.join(answer[1]))
        return items


@contextmanager
def hosted(model_type: str, **arguments: Any) -> Iterator[HostedModel]:
    """Run a model of the class `model_type` of evalkit.models in a process of its own."""
    environment = {**os.environ, **({} if HAS_GPU else ON_CPU)}
    with TemporaryDirectory() as folder:
        path = Path(folder) / 'log'
        ours, theirs = Pipe()
        with ours, path.open('w') as log:
            process = subprocess.Popen(
                [sys.executable, '-m', 'tests.engines.serve', str(theirs.fileno())],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            theirs.close()
            try:
                model = HostedModel(ours, path, process.pid)
                [model.engine] = model.ask('build', f'evalkit.models.{model_type}', arguments)
                yield model
            finally:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
