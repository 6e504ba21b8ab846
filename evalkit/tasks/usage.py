"""What the processes of a run have asked of a service: a file each, added up by the summary."""

import os
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from evalkit.models import BaseModel
from evalkit.store import write_json
from evalkit.tasks.progress import Progress

EVERY_SECONDS = 5.0


class UsageFile:
    """Writes into a folder what a model has counted; engines count nothing, and have no file."""

    def __init__(self, folder: Path) -> None:
        name = f'{datetime.now():%Y%m%d_%H%M%S_%f}-{os.getpid()}.json'
        self.path = folder / name
        self._written_at = time.monotonic()

    def update(self, model: BaseModel, progress: Progress, *, now: bool = False) -> None:
        """Tell the progress of the counts, and write them if the last ones are old, or `now`."""
        usage = model.usage()
        if not usage:
            return
        tell(usage, progress)
        if now or time.monotonic() - self._written_at > EVERY_SECONDS:
            self._written_at = time.monotonic()
            write_json(self.path, usage)


def tell(usage: Mapping[str, Any], progress: Progress) -> None:
    """Copy what the live line shows."""
    progress.num_requests = usage['num_requests']
    progress.num_retries = sum(usage['retries'].values())
    progress.prompt_tokens = usage['prompt_tokens']
    progress.cached_tokens = usage['cached_tokens']
    progress.cost = usage.get('cost')
