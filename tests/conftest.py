"""What the tests of whole runs share."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from uuid import uuid4

import pytest

from tests.runs import processes

if find_spec('hypothesis') is not None:  # the environment of the engines has none
    from hypothesis import settings

    # How long one example takes says more of the machine than of the code.
    settings.register_profile('evalkit', deadline=None)
    settings.load_profile('evalkit')


@pytest.fixture
def mark() -> Iterator[str]:
    """Stand in the environment of everything that a test starts, to find and end it."""
    mark = uuid4().hex
    yield mark
    for pid in processes(mark):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
