"""Hosts one model in a process of its own, so that engines are free to spawn and to patch.

It is asked through a pipe: a message is the name of a function below and its arguments. Answers
come as ('item', value) and end with ('end', None) or ('error', (class name, text)).
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from itertools import islice
from multiprocessing.connection import Connection
from typing import Any

from evalkit.config import resolve_type
from evalkit.errors import EvalkitError
from evalkit.models import BaseModel
from evalkit.models.engine.processes import descendants


class Host:
    """The model, and what can be asked of it."""

    def __init__(self) -> None:
        self.models: list[BaseModel] = []

    def build(self, type_path: str, arguments: dict[str, Any]) -> Iterator[Any]:
        """Build the model and say which engine runs."""
        model: BaseModel = resolve_type(type_path)(**arguments)
        self.models.append(model)
        yield model.describe()

    def generate(self, requests: list[Any], num_wanted: int | None = None) -> Iterator[Any]:
        """Yield completions with the time of each; drop the rest after `num_wanted`."""
        answers = self.models[0].generate(iter(requests))
        for answer in islice(answers, num_wanted):
            yield answer, time.monotonic()
        answers.close()  # type: ignore[attr-defined]

    def loglikelihood(self, requests: list[Any]) -> Iterator[Any]:
        """Yield scorings."""
        yield from self.models[0].loglikelihood(iter(requests))

    def children(self) -> Iterator[int]:
        """Yield the processes that this one started, and theirs."""
        yield from descendants()

    def kill_children(self) -> Iterator[int]:
        """Kill the engine's processes, as a full memory would."""
        for child in descendants():
            os.kill(child, signal.SIGKILL)
            yield child

    def signals(self) -> Iterator[Any]:
        """Yield what SIGTERM and SIGINT do."""
        yield signal.getsignal(signal.SIGTERM) is terminate
        yield signal.getsignal(signal.SIGINT) is signal.default_int_handler

    def close(self) -> Iterator[int]:
        """Close the model and yield the processes that are left."""
        self.models[0].close()
        time.sleep(0.5)
        yield from descendants()


def terminate(*_: Any) -> None:
    """Stand for the handler that a task has for SIGTERM."""


def answer(host: Host, connection: Connection) -> None:
    """Answer messages until the other side closes."""
    while True:
        try:
            name, arguments = connection.recv()
        except EOFError:
            return
        try:
            for item in getattr(host, name)(*arguments):
                connection.send(('item', item))
            connection.send(('end', None))
        except EvalkitError as error:
            connection.send(('error', (type(error).__name__, str(error))))


def main() -> None:
    """Answer through the descriptor given."""
    signal.signal(signal.SIGTERM, terminate)
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)
    with Connection(descriptor) as connection:
        answer(Host(), connection)


if __name__ == '__main__':
    main()
