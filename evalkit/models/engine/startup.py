"""Starts an engine: a missing package, a full memory and all else become one line each."""

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import IO, Generic, TypeVar

from evalkit.errors import BackendError, ConfigError, EvalkitError
from evalkit.models.engine.deadline import Deadline
from evalkit.models.engine.settings import STARTUP_SECONDS

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
SPEAKING = (TypeError, ValueError, RuntimeError, OSError, ImportError)
"""Errors whose text says what is wrong; of others, the name and the engine's log help."""

NUM_FIRST_LINES = 2  # of the text of an error; pydantic names in the first only where it is
NUM_LAST_LINES = 3  # of a log, in an error
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

    def end(self) -> str:
        """Return the last lines of the log as one."""
        lines = [line.strip() for line in self.tail().splitlines() if line.strip()]
        return ' | '.join(lines[-NUM_LAST_LINES:]) or 'empty'

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


@dataclass(frozen=True, slots=True)
class Launch(Generic[Engine]):
    """`make` returns the engine called `name`; `lower` names what to lower if memory is short.

    `seconds` is the time that it has, None the usual one.
    """

    name: str
    lower: str
    make: Callable[[], Engine]
    seconds: float | None = None


def start(launch: Launch[Engine], log: EngineLog) -> Engine:
    """Return the engine; `BackendError` with the cause where it fails, or never gets ready."""
    seconds = STARTUP_SECONDS if launch.seconds is None else launch.seconds
    terminal = os.dup(2)

    def give_up() -> None:
        text = f'{log.tail()}\n{BackendError.__name__}: {_lateness(launch.name, seconds, log)}\n'
        os.write(terminal, text.encode())
        os._exit(BackendError.exit_code)

    deadline = Deadline(seconds, give_up)
    try:
        with log.capturing(), deadline:
            engine = launch.make()
    except EvalkitError:
        log.close()
        raise
    except (Exception, SystemExit) as error:  # engines fail in many ways
        if not deadline.has_passed:
            raise BackendError(_failure(launch, log, _reason(error, log))) from error
    finally:
        os.close(terminal)
    if deadline.has_passed:
        text = _lateness(launch.name, seconds, log)
        log.close()
        raise BackendError(text)
    return engine


def _lateness(name: str, seconds: float, log: EngineLog) -> str:
    """Return that an engine was not ready in time, with the end of its log."""
    return (
        f'{name} was not ready after {seconds:g} s, so that it was ended; its log: {log.end()}; '
        'a model that needs longer takes run_cfg.startup_timeout (seconds)'
    )


def _failure(launch: Launch[Engine], log: EngineLog, reason: str) -> str:
    """Return why an engine did not start; its log is closed."""
    text, cause = log.tail() + reason, log.cause(reason)
    log.close()
    if OUT_OF_MEMORY.search(text):
        return f'{launch.name} ran out of memory at its start: lower {launch.lower} ({cause})'
    return f'{launch.name} cannot start: {cause}'


def _reason(error: BaseException, log: EngineLog) -> str:
    """Return what an error says, and if that alone says little, the end of the log."""
    if isinstance(error, SPEAKING):
        return _line(error)
    text = _line(error)
    named = text if text == repr(error) else f'{type(error).__name__}: {text}'
    return f'{named}; its log: {log.end()}'


def _line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return ' '.join(lines[:NUM_FIRST_LINES]) or repr(error)
