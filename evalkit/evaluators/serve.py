"""The process of a `KillableEvaluator`: it scores what it is sent until it is killed."""

import ctypes
import os
import pickle
import resource
import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

from evalkit.errors import EvalkitError

MAX_BYTES = 4 << 30
"""Address space of a process: a scorer that wants more gets a MemoryError, and not the machine."""

PR_SET_PDEATHSIG = 1


def main(descriptor: int, parent: int) -> None:
    """Take an evaluator from the connection, then one answer after another."""
    be_bound_to(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    connection: Connection[Any, Any] = Connection(descriptor)
    try:
        serve(connection)
    except (EOFError, ConnectionError):  # nothing more is wanted
        return


def serve(connection: 'Connection[Any, Any]') -> None:
    """Score until the connection ends; what concerns all answers is sent as an error."""
    try:
        evaluator = pickle.loads(connection.recv_bytes())
        evaluator.prepare()
        connection.send(None)
        while True:
            connection.send(evaluator.try_score(*connection.recv()))
    except EvalkitError as error:
        connection.send(error)


def be_bound_to(parent: int) -> None:
    """End with the process that started this one, however it ends, and limit the memory (Linux)."""
    if sys.platform == 'linux':
        resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()
