"""Starts an engine: a missing package, a full memory and all else become one line each."""

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import IO, TypeVar

from evalkit.errors import BackendError, ConfigError

Engine = TypeVar('Engine')

OUT_OF_MEMORY = re.compile(
    r'out of memory|not enough (?:kv cache )?memory|\bno (?:available |enough )?(?:gpu )?memory|'
    r'(?:less than|larger than|smaller than|exceeds?)[^\n]*(?:memory|KV cache)|'
    r"can't allocate memory|MemoryError",
    re.IGNORECASE,
)
CAUSE = re.compile(
    r'^(?:\([^)]*\) )?(?:[A-Z]+ [\d-]+ [\d:]+ \[[^]]*\] )?(?:\w+\.)*\w*(?:Error|Exception): .+'
)
SUMMARY = 'initialization failed'  # vLLM's last line, which tells to look above
MAX_TAIL = 200_000  # bytes of a log that are searched


class EngineLog:
    """What an engine and its processes write to stdout and stderr, kept out of the terminal."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open while it runs

    def close(self) -> None:
        """Forget the log."""
        self.file.close()

    def tail(self) -> str:
        """Return the end of the log."""
        size = os.fstat(self.file.fileno()).st_size
        start = max(0, size - MAX_TAIL)
        return os.pread(self.file.fileno(), size - start, start).decode(errors='replace')

    def cause(self, otherwise: str) -> str:
        """Return the last line of the log that names an exception."""
        lines = [line.strip() for line in self.tail().splitlines()]
        causes = [line for line in lines if CAUSE.match(line) and SUMMARY not in line]
        return causes[-1] if causes else otherwise

    @contextmanager
    def capturing(self) -> Iterator[None]:
        """Send stdout and stderr here; processes that are started keep writing here.

        What was written is copied to stderr at the end.
        """
        streams = (sys.stdout, sys.stderr)
        for stream in streams:
            stream.flush()
        saved = [(number, os.dup(number)) for number in (1, 2)]
        try:
            for number, _ in saved:
                os.dup2(self.file.fileno(), number)
            yield
        finally:
            for stream in streams:
                stream.flush()
            for number, copy in saved:
                os.dup2(copy, number)
                os.close(copy)
            sys.stderr.write(self.tail())


def require(module: str, extra: str) -> ModuleType:
    """Return the engine's package; `ConfigError` with the pip command where there is none."""
    if find_spec(module) is None:
        raise ConfigError(f"{module} is not installed: pip install 'evalkit[{extra}]'")
    try:
        return import_module(module)
    except ImportError as error:
        raise BackendError(
            f'{module} is installed, but cannot be imported here: {_line(error)}'
        ) from error


def start(name: str, lower: str, log: EngineLog, launch: Callable[[], Engine]) -> Engine:
    """Return the engine that `launch` makes; `lower` names what to lower if memory is short."""
    try:
        with log.capturing():
            return launch()
    except (TypeError, ValueError, RuntimeError, OSError, ImportError, MemoryError) as error:
        raise BackendError(_failure(name, lower, log, _line(error))) from error


def _failure(name: str, lower: str, log: EngineLog, reason: str) -> str:
    """Return why an engine did not start; its log is closed."""
    text, cause = log.tail() + reason, log.cause(reason)
    log.close()
    if OUT_OF_MEMORY.search(text):
        return f'{name} ran out of memory at its start: lower {lower} ({cause})'
    return f'{name} cannot start: {cause}'


def _line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else repr(error)
