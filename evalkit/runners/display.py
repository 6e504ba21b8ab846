"""What the terminal shows while tasks run."""

import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import TextIO

from evalkit.runners.failure import failure
from evalkit.runners.files import TaskFiles
from evalkit.runners.lines import summary
from evalkit.runners.status import TaskStatus
from evalkit.tasks.base import Task
from evalkit.tasks.progress import Progress

REFRESH_SECONDS = 0.25

DOING = {'infer': 'asking', 'evaluate': 'scoring', 'probe': 'probing', 'judge': 'judging'}
DONE = {'infer': 'asked', 'evaluate': 'scored', 'probe': 'probed', 'judge': 'judged'}
"""What a kind of task does, and has done, as a person says it."""


@dataclass(slots=True)
class Row:
    """A task that is shown."""

    task: Task
    files: TaskFiles
    began: float = field(default_factory=time.monotonic)
    progress: Progress = field(default_factory=Progress)
    num_noted: int = 0

    def read(self) -> Progress:
        """Return the last counts that the task has told."""
        self.progress = self.files.read_progress() or self.progress
        return self.progress

    def new_notes(self) -> list[str]:
        """Return what the task has noted since the last look; an attempt begins anew."""
        notes = self.read().notes
        first = self.num_noted if self.num_noted <= len(notes) else 0
        self.num_noted = len(notes)
        return notes[first:]


class Display:
    """Says in a line that a task begins, and in another how it ended; for files and pipes.

    Its methods may be called from any thread.
    """

    def __init__(self, stream: TextIO, num_tasks: int) -> None:
        self.stream = stream
        self.num_tasks = num_tasks
        self.num_done = 0
        self.num_failed = 0
        self.rows: dict[str, Row] = {}
        self.lock = threading.RLock()
        self._looked_at = float('-inf')

    def __enter__(self) -> 'Display':
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""

    def begin(self, task: Task, files: TaskFiles) -> None:
        """Show a task that begins."""
        with self.lock:
            self.rows[task.name] = Row(task, files)
            self.announce(f'{DOING[task.kind]} {task.name}')

    def note(self, text: str) -> None:
        """Say something that stays on the screen."""
        self.say(text)

    def end(self, status: TaskStatus) -> None:
        """Say how a task ended, and why if it failed."""
        with self.lock:
            row = self.rows.pop(status.name)
            self.tell_notes(row)
            self.num_done += 1
            self.num_failed += status.is_failed
            if status.is_failed:
                self.say(failure(status), style='red')
            elif status.reason:
                self.say(f'{status.reason} {status.name}: {spent(row)}', style='yellow')
            else:
                self.say(f'{DONE[row.task.kind]} {status.name}: {spent(row)}', style='green')

    def refresh(self) -> None:
        """Say what the tasks have noted and show how far they are, if the last look is old."""
        if time.monotonic() - self._looked_at < REFRESH_SECONDS:
            return
        self._looked_at = time.monotonic()
        with self.lock:
            for row in self.rows.values():
                self.tell_notes(row)
            self.redraw()

    def redraw(self) -> None:
        """Draw what changes all the time; here nothing does."""

    def tell_notes(self, row: Row) -> None:
        """Say what a task has noted, once."""
        for note in row.new_notes():
            self.say(f'{row.task.name}: {note}', style='yellow')

    def announce(self, text: str) -> None:
        """Say something that a live display shows in another way."""
        self.say(text)

    def say(self, text: str, style: str = '') -> None:
        """Print lines that stay."""
        with self.lock:
            self.stream.write(f'{text}\n')
            self.stream.flush()


def spent(row: Row) -> str:
    """Return what a task has done in which time."""
    return summary(row.read(), time.monotonic() - row.began)
