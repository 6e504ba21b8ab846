"""What runs in a process of Ray: one replica of a model."""

import os
import socket
from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.config import build
from evalkit.tasks.replicas.base import Answer, AnyRequest
from evalkit.tasks.replicas.server import EngineServer


class Replica:
    """Holds a loaded engine. It is made without one, so that an error in loading can be told."""

    def __init__(self) -> None:
        self._server: EngineServer | None = None

    def load(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Load the engine, and say which one runs where."""
        self._server = EngineServer(build(arguments))
        place = {'host': socket.gethostname(), 'pid': os.getpid()}
        return {**self._server.describe(), 'place': place}

    def exchange(self, requests: Sequence[AnyRequest]) -> list[Answer]:
        """Take requests, go on for a moment, and return what is finished."""
        assert self._server is not None
        return self._server.exchange(requests)

    def close(self) -> None:
        """Give the engine back."""
        if self._server is not None:
            self._server.model.close()
