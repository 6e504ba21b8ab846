"""How far a task is: a small file beside its log, which the launching process shows."""

import json
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
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
    prompt_tokens: int = 0
    cached_tokens: int = 0
    num_requests: int = 0
    num_retries: int = 0
    cost: float | None = None
    load_seconds: float = 0.0
    ask_seconds: float = 0.0
    reason: str = ''
    notes: list[str] = field(default_factory=list)
    """Lines for the user, about something that went wrong and was mended."""


class ProgressFile:
    """Writes `Progress` for whoever watches, at most once an interval (seconds)."""

    def __init__(self, path: Path, interval: float = 0.2) -> None:
        self.path = path
        self.interval = interval
        self.progress = Progress()
        self._written_at = float('-inf')
        self._pending: threading.Timer | None = None

    def update(self, *, now: bool = False) -> None:
        """Write the counts `now`, or once the interval is over: the last ones are always told."""
        wait = self._written_at + self.interval - time.monotonic()
        if now or wait <= 0:
            self.write()
        elif self._pending is None:
            self._pending = threading.Timer(wait, self.write)
            self._pending.daemon = True
            self._pending.start()

    def write(self) -> None:
        """Write the counts as they are."""
        self._written_at = time.monotonic()
        pending, self._pending = self._pending, None
        if pending is not None:
            pending.cancel()
        with suppress(OSError):  # a full disk costs the display, never the task
            self.path.write_text(json.dumps(asdict(self.progress)))


def read_progress(path: Path) -> Progress | None:
    """Return what the task last wrote; None before it wrote, or in the middle of a write."""
    try:
        return Progress(**json.loads(path.read_text()))
    except (OSError, TypeError, ValueError):
        return None
