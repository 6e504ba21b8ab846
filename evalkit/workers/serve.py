"""The process of a `Worker`: it does what it is sent until it is killed."""

import ctypes
import os
import pickle
import resource
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

from evalkit.config.paths import extend_import_path
from evalkit.errors import EvalkitError
from evalkit.workers.worker import Lost

MAX_BYTES = 4 << 30
"""Address space of a process: who wants more gets a MemoryError, and not the machine."""

SILENT_SECONDS = 0.02

PR_SET_PDEATHSIG = 1


def main(descriptor: int, parent: int) -> None:
    """Take a service from the connection, then items."""
    be_bound_to(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    connection: Connection[Any, Any] = Connection(descriptor)
    extend_import_path()
    try:
        serve(connection)
    except (EOFError, ConnectionError):  # nothing more is wanted
        return


def serve(connection: 'Connection[Any, Any]') -> None:
    """Work until the connection ends; what concerns all items is sent as an error."""
    try:
        service = pickle.loads(connection.recv_bytes())
        service.prepare()
        connection.send(None)
        while True:
            is_careful, items = connection.recv()
            for outcomes in batches(map(service.do, items), 0 if is_careful else SILENT_SECONDS):
                send(connection, outcomes)
    except EvalkitError as error:
        connection.send(error)


def batches(outcomes: Iterator[Any], seconds: float) -> Iterator[list[Any]]:
    """Yield what there is as soon as `seconds` have passed since the last, and at the end."""
    some: list[Any] = []
    last = time.monotonic()
    for outcome in outcomes:
        some.append(outcome)
        if time.monotonic() - last >= seconds:
            yield some
            some, last = [], time.monotonic()
    if some:
        yield some


def send(connection: 'Connection[Any, Any]', outcomes: list[Any]) -> None:
    """Send what became of some items; what `pickle` cannot copy is lost."""
    try:
        connection.send(outcomes)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        if len(outcomes) == 1:
            connection.send([Lost(f'what became of it cannot be sent: {error}')])
            return
        for outcome in outcomes:
            send(connection, [outcome])


def be_bound_to(parent: int) -> None:
    """End with the process that started this one, however it ends, and limit the memory (Linux)."""
    if sys.platform == 'linux':
        resource.setrlimit(resource.RLIMIT_AS, (MAX_BYTES, MAX_BYTES))
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()
