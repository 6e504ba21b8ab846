"""How far a task is: a small file beside its log, which the launching process shows."""

import json
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(slots=True)
class Progress:
    """Counts of one task since it began; `phase` is 'loading', 'asking', 'scoring' or 'done'."""

    phase: str = 'loading'
    num_total: int = 0
    num_reused: int = 0
    num_stale: int = 0
    num_done: int = 0
    num_failed: int = 0
    output_tokens: int = 0
    load_seconds: float = 0.0
    ask_seconds: float = 0.0
    reason: str = ''


class ProgressFile:
    """Writes `Progress` for whoever watches, at most a few times a second."""

    def __init__(self, path: Path, interval: float = 0.2) -> None:
        self.path = path
        self.interval = interval
        self.progress = Progress()
        self._written_at = float('-inf')

    def update(self, *, now: bool = False) -> None:
        """Write the counts if the last ones are older than the interval, or `now`."""
        if not now and time.monotonic() - self._written_at < self.interval:
            return
        self._written_at = time.monotonic()
        with suppress(OSError):  # a full disk costs the display, never the task
            self.path.write_text(json.dumps(asdict(self.progress)))


def read_progress(path: Path) -> Progress | None:
    """Return what the task last wrote; None before it wrote, or in the middle of a write."""
    try:
        return Progress(**json.loads(path.read_text()))
    except (OSError, TypeError, ValueError):
        return None
