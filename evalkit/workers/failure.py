"""An unexpected error in one line: what the author of a scorer needs to find it."""

import os
import traceback
from pathlib import Path

from evalkit.config import redact_known


def describe_failure(error: Exception) -> str:
    """Return the kind, the text and the place of an error, in one line, without secrets."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f' ({Path(frames[-1].filename).name}, line {frames[-1].lineno})' if frames else ''
    text = ' '.join(redact_known(str(error), os.environ).split())
    return f'{type(error).__name__}: {text:.200}{place}'
