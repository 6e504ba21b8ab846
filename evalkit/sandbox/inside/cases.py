"""Puts one case after another to a solution: the arguments of a function, or a script's input.

The keeper sends each case when the one before was answered right, an empty message never comes,
and it knows alone what is right. `A` and an answer goes back.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile

from .frames import receive, send

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, ModuleType
    from typing import IO, Any, BinaryIO, NoReturn

MAX_REPORT_BYTES = 4096
SOLUTION_CLASS = 'Solution'
IMPORT = re.compile(r'^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)', re.MULTILINE)


class ScriptError(Exception):
    """What has ended a script; the text is that of `describe` where it was an exception."""


def call_with_cases(descriptor: int, function: Callable[..., Any]) -> NoReturn:
    """Answer each case with what the function returns, as JSON."""
    while True:
        lines = receive(descriptor).decode('utf-8', 'surrogatepass').split('\n')
        found = function(*[json.loads(line) for line in lines])
        send(descriptor, b'A' + as_json(found).encode('utf-8', 'surrogatepass'))


def method_of(module: ModuleType, name: str) -> Callable[..., Any]:
    """Return the function of a name, a method of the class `Solution` where there is one."""
    solution_class = getattr(module, SOLUTION_CLASS, None)
    found: Callable[..., Any] = getattr(solution_class() if solution_class else module, name)
    return found


def as_json(value: Any) -> str:
    """Return a value as JSON; a tuple, but none inside another value, is a list.

    A value that JSON would change equals nothing that was read from JSON: it becomes empty.
    """
    value = list(value) if isinstance(value, tuple) else value
    try:
        text = json.dumps(value, default=number_of)
        return text if json.loads(text) == value else ''
    except (TypeError, ValueError, RecursionError):
        return ''


def number_of(value: Any) -> Any:
    """Return the number in a scalar of numpy."""
    if not hasattr(value, 'item'):
        raise TypeError(type(value).__name__)
    return value.item()


def run_with_cases(
    descriptor: int, code: CodeType, names: dict[str, Any], describe: Callable[..., str]
) -> NoReturn:
    """Answer each case with what the script prints, in a new process each time."""
    while True:
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as printed:
            given.write(receive(descriptor))
            given.seek(0)
            run_script(descriptor, code, names, (given, printed), describe)
            printed.seek(0)
            answer = printed.read()
        send(descriptor, b'A' + answer)


def import_early(text: str) -> None:
    """Import what a script imports once, and not again for each case."""
    for name in IMPORT.findall(text):
        with contextlib.suppress(BaseException):  # it is the script that misses a module
            __import__(name)


def run_script(
    descriptor: int,
    code: CodeType,
    names: dict[str, Any],
    files: tuple[BinaryIO, BinaryIO],
    describe: Callable[..., str],
) -> None:
    """Run a script in a process of its own; raise ScriptError where it ends badly.

    What it forked counts, too, and is waited for: who of them reads the input is a matter of luck.
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(descriptor)
        be_script(code, names, files, writer, describe)
    os.close(writer)
    with os.fdopen(reader, 'rb') as reports:  # which ends with the last process that has the pipe
        report = reports.read(MAX_REPORT_BYTES)
    _, status = os.waitpid(pid, 0)
    if report or status:
        raise ScriptError(report.decode('utf-8', 'replace') or f'ended with status {status:#x}')


def be_script(
    code: CodeType,
    names: dict[str, Any],
    files: tuple[BinaryIO, BinaryIO],
    writer: int,
    describe: Callable[..., str],
) -> None:
    """Run the script in this process, which ends with it."""
    try:
        take_streams(*files)
        names['__name__'] = '__main__'
        sys.modules['__main__'] = sys.modules['solution']
        with contextlib.suppress(SystemExit):
            exec(code, names)
        end_as_usual()
    except BaseException as error:  # noqa: BLE001 - a script may raise anything
        os.write(writer, describe(error).encode('utf-8', 'replace')[:MAX_REPORT_BYTES])
        os._exit(1)
    os._exit(0)


def take_streams(given: BinaryIO, printed: BinaryIO) -> None:
    """Make files the standard input and output."""
    os.dup2(given.fileno(), 0)
    os.dup2(printed.fileno(), 1)
    sys.stdin = text_stream(0, 'r')
    sys.stdout = text_stream(1, 'w')
    for name in ('stdin', 'stdout'):
        setattr(sys, f'__{name}__', getattr(sys, name))


def text_stream(descriptor: int, mode: str) -> IO[str]:
    """Return a stream of text on a descriptor."""
    return os.fdopen(descriptor, mode, encoding='utf-8', errors='surrogatepass', closefd=False)


def end_as_usual() -> None:
    """Wait for threads, and do what was registered for the end."""
    if 'threading' in sys.modules:
        threads = sys.modules['threading']
        for thread in threads.enumerate():
            if thread is not threads.current_thread() and not thread.daemon:
                thread.join()
    if 'atexit' in sys.modules:
        sys.modules['atexit']._run_exitfuncs()
    sys.stdout.flush()
