"""The files of a task while it runs, all beside its log."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from evalkit.store import write_atomic
from evalkit.store.disk import disk_errors
from evalkit.tasks.base import Task
from evalkit.tasks.progress import Progress, read_progress


@dataclass(frozen=True, slots=True)
class TaskFiles:
    """`x.log`, and beside it the task, its progress, and what it suspects of killing it."""

    log: Path

    @property
    def task(self) -> Path:
        """What `python -m evalkit.tasks` is given."""
        return self.log.with_suffix('.task.json')

    @property
    def progress(self) -> Path:
        """Where the task tells how far it is."""
        return self.log.with_suffix('.progress.json')

    @property
    def suspects(self) -> Path:
        """Where the task notes what it is about to ask (see `evalkit.tasks.suspects`)."""
        return self.progress.with_suffix('.suspects.json')

    def write(self, task: Task) -> None:
        """Write the task and forget what an earlier run suspected."""
        write_atomic(self.task, task.to_json())
        self.clear()
        with disk_errors('remove', self.suspects):
            self.suspects.unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget the progress of an earlier attempt."""
        with disk_errors('remove', self.progress):
            self.progress.unlink(missing_ok=True)

    def read_progress(self) -> Progress | None:
        """Return how far the task is, if it has told."""
        return read_progress(self.progress)

    def read_suspects(self) -> str:
        """Return what the task suspects, to be compared; empty for nothing."""
        with suppress(OSError):
            return self.suspects.read_text()
        return ''
