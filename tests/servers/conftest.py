"""What a test started is ended with it."""

import os
import signal
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.runs import processes


@pytest.fixture
def mark() -> Iterator[str]:
    """Stand in the environment of everything that a test starts, to find and end it."""
    mark = uuid4().hex
    yield mark
    for pid in processes(mark):
        os.kill(pid, signal.SIGKILL)
