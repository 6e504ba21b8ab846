"""Servers that are started for a model: by `evalkit serve`, and by `run.py -a openai --serve`."""

from evalkit.servers.command import ServerCommand
from evalkit.servers.commands import ENGINES, server_command
from evalkit.servers.place import Place, free_place
from evalkit.servers.python import find_python
from evalkit.servers.server import Server

__all__ = [
    'ENGINES',
    'Place',
    'Server',
    'ServerCommand',
    'find_python',
    'free_place',
    'server_command',
]
