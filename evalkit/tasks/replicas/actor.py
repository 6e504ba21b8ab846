"""What runs in a process of Ray: one replica of a model."""

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.config import build
from evalkit.tasks.replicas.base import Answer, AnyRequest
from evalkit.tasks.replicas.server import EngineServer


@dataclass(frozen=True, slots=True)
class Told:
    """What a replica has finished, and all that its model has asked of a service so far."""

    answers: Sequence[Answer]
    usage: Mapping[str, Any]


class Replica:
    """Holds a loaded engine. It is made without one, so that an error in loading can be told."""

    def __init__(self) -> None:
        self._server: EngineServer | None = None

    def load(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Load the engine, and say which one runs where."""
        self._server = EngineServer(build(arguments))
        place = {'host': socket.gethostname(), 'pid': os.getpid()}
        return {**self._server.describe(), 'place': place}

    def exchange(self, requests: Sequence[AnyRequest]) -> Told:
        """Take requests, go on for a moment, and tell what is finished."""
        assert self._server is not None
        answers = self._server.exchange(requests)
        return Told(answers, self._server.model.usage())

    def close(self) -> None:
        """Give the engine back."""
        if self._server is not None:
            self._server.model.close()
