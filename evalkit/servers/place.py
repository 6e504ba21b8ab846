"""Where a server listens, and what it runs on."""

import os
import socket
from dataclasses import dataclass

from evalkit.errors import ConfigError
from evalkit.runners.devices import visible_gpus

LOOPBACK = '127.0.0.1'
ANYWHERE = ('0.0.0.0', '::', '')


@dataclass(frozen=True, slots=True)
class Place:
    """A free port of an address of this machine, and whether GPUs are there."""

    host: str
    port: int
    has_gpus: bool

    @property
    def base(self) -> str:
        """The address that a client on this machine asks."""
        return f'http://{LOOPBACK if self.host in ANYWHERE else self.host}:{self.port}/v1'


def free_place(host: str = LOOPBACK, port: int = 0) -> Place:
    """Return a place on `port`, or on any free one for 0; `ConfigError` if it is taken."""
    try:
        with socket.create_server((host, port)) as listener:
            found: int = listener.getsockname()[1]
    except OSError as error:
        raise ConfigError(
            f'no server can listen at {host}:{port}: {error.strerror}; choose another --port'
        ) from error
    return Place(host, found, has_gpus=bool(visible_gpus(os.environ)))
