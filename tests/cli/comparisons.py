"""Comparisons of backends, as a user would start them: Hugging Face here, a server on loopback."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.models.openai.fault_server import Act, Asked, say
from tests.runs import CALC_MODEL, environment

EVALKIT = [sys.executable, '-c', 'import sys; from evalkit.cli import main; sys.exit(main())']


def evalkit(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run an evalkit command in a folder."""
    return subprocess.run(
        [*EVALKIT, *arguments],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=120,
    )


def hugging_face(**keys: Any) -> dict[str, Any]:
    """Return the config of the calc model, with short answers."""
    path = str(CALC_MODEL)
    kind = 'evalkit.models.HuggingFacewithChatTemplate'
    return {'type': kind, 'abbr': 'calc-hf', 'path': path, 'max_out_len': 8, **keys}


def right_answer(asked: Asked) -> Act:
    """Answer 'words: Say word3.' with 'word3'."""
    return say(asked.text.strip().rpartition(' ')[2].rstrip('.'))
