"""The log of a task: bounded, without progress bars, and able to say why the task failed."""

import os
import re
from collections import deque
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from evalkit.config import known_secrets, redact
from evalkit.runners.tracebacks import FirstTraceback
from evalkit.store.disk import disk_errors

MAX_LINE_BYTES = 65536
NUM_TAIL_LINES = 15
ESCAPE_SEQUENCE = re.compile(r'\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])')
ERROR_LINE = re.compile(r'\b\w*(Error|ERROR|Exception)\b')


class TaskLog:
    """Takes the output of a process and keeps its lines in `max_files` files of `max_bytes`.

    A line that a progress bar has redrawn is kept as it was last, a repeated line is kept once
    with a count, colours are taken off, and so are the secrets of the config. A full disk costs
    log lines, never the task.
    """

    def __init__(
        self, path: Path, max_bytes: int = 20_000_000, max_files: int = 5, title: str = ''
    ) -> None:
        self.path = path
        self.max_bytes = max_bytes
        self.max_files = max_files
        self.cause = ''
        """Why the runner has ended the process, if it has."""
        self.traceback = FirstTraceback()
        self.tail: deque[str] = deque(maxlen=NUM_TAIL_LINES)
        self._pending = b''
        self._last_line = ''
        self._num_repeats = 0
        self._secrets = known_secrets(os.environ)
        with disk_errors('write', path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._open()
        if title:
            self.head(title)

    @property
    def error(self) -> str:
        """One line that says what went wrong: the first traceback's, or else the log's last."""
        errors = [line for line in self.tail if ERROR_LINE.search(line)]
        last = next((line for line in reversed(self.tail) if line.strip()), '')
        return (self.traceback.error or (errors[-1] if errors else last)).strip()

    def head(self, title: str) -> None:
        """Write a line of the runner's own, with the time."""
        self._put([f'--- {title}, {datetime.now().astimezone():%Y-%m-%d %H:%M:%S%z}'])

    def write(self, chunk: bytes) -> None:
        """Take output as it comes; the part after the last newline waits for the rest."""
        *lines, pending = (self._pending + chunk).split(b'\n')
        redrawn = pending.rfind(b'\r', 0, -1)
        self._pending = pending[redrawn + 1 :]
        if len(self._pending) > MAX_LINE_BYTES:
            lines.append(self._pending)
            self._pending = b''
        told = [redact(clean(raw), self._secrets) for raw in lines]
        self._put([line for text in told for line in self._note(text)])

    def close(self) -> None:
        """Write what is still waiting."""
        if self._pending:
            self.write(b'\n')
        self._put(self._repeats())
        self._file.close()

    def _note(self, line: str) -> list[str]:
        """Remember a line of output; return the lines to be written for it."""
        self.traceback.feed(line)
        if line and line == self._last_line:
            self._num_repeats += 1
            return []
        self.tail.append(line)
        repeats = self._repeats()
        self._last_line = line
        return [*repeats, line]

    def _repeats(self) -> list[str]:
        num_repeats, self._num_repeats = self._num_repeats, 0
        return [f'[the line above came {num_repeats} more times]'] if num_repeats else []

    def _put(self, lines: list[str]) -> None:
        """Write lines in one piece, to a new file if they do not fit."""
        if not lines:
            return
        data = ''.join(f'{line}\n' for line in lines).encode('utf-8', 'backslashreplace')
        # ValueError: the file is closed since a full disk kept it from being rotated.
        with suppress(OSError, ValueError):
            if self._file.tell() and self._file.tell() + len(data) > self.max_bytes:
                self._rotate()
            self._file.write(data)

    def _rotate(self) -> None:
        """Rename x.log to x.log.1 and so on; the oldest file is replaced."""
        self._file.close()
        names = [self.path, *(Path(f'{self.path}.{n}') for n in range(1, self.max_files))]
        for older, newer in reversed(list(zip(names[1:], names[:-1], strict=True))):
            if newer.exists():
                newer.replace(older)
        self._file = self._open()

    def _open(self) -> BinaryIO:
        return self.path.open('ab', buffering=0)


def clean(raw: bytes) -> str:
    """Return a line as a terminal would show it in the end, without colours."""
    shown = raw.removesuffix(b'\r').rpartition(b'\r')[2]
    return ESCAPE_SEQUENCE.sub('', shown.decode('utf-8', 'replace'))
