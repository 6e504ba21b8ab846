"""How fast a replica is, of late."""

import time

MEMORY_SECONDS = 30.0
"""The past counts less and less; half of it is forgotten in about this time."""


class Speed:
    """Answers a second, over the time in which there was something to do."""

    def __init__(self) -> None:
        self._num_answers = 0.0
        self._seconds = 0.0
        self._began: float | None = None

    @property
    def per_second(self) -> float:
        """The speed; 0 before the first answer."""
        return self._num_answers / self._seconds if self._seconds else 0.0

    def begin(self, *, is_busy: bool) -> None:
        """The clock runs from now on, or stands still."""
        self._began = time.monotonic() if is_busy else None

    def note(self, num_answers: int) -> None:
        """Count answers to what was begun."""
        if self._began is None:
            return
        seconds = time.monotonic() - self._began
        kept = MEMORY_SECONDS / (MEMORY_SECONDS + seconds)
        self._num_answers = self._num_answers * kept + num_answers
        self._seconds = self._seconds * kept + seconds
