"""Written records reach the disk within a second, even if no other record follows."""

import os
from threading import Event, Thread


class BackgroundSync:
    """Calls fdatasync on `descriptor` at most `seconds` after `note`, in a thread of its own.

    So a slow disk does not delay answers. `error` is what the disk said, if it failed.
    """

    def __init__(self, descriptor: int, seconds: float) -> None:
        self.error: OSError | None = None
        self._descriptor = descriptor
        self._seconds = seconds
        self._is_written = Event()
        self._is_closing = Event()
        self._thread = Thread(target=self._run, name='evalkit-sync', daemon=True)
        self._thread.start()

    def note(self) -> None:
        """Say that something was written."""
        if not self._is_written.is_set():
            self._is_written.set()

    def stop(self) -> None:
        """Sync once more and end the thread; an error is left in `error`."""
        self._is_closing.set()
        self._is_written.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._is_closing.is_set():
                self._is_written.wait()
                self._is_closing.wait(self._seconds)
                self._is_written.clear()
                os.fdatasync(self._descriptor)
        except OSError as error:
            self.error = error
