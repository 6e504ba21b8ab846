"""The command that goes on where a run stopped."""

import shlex
import shutil
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from evalkit.store import Workspace


def resume_command(arguments: Namespace, workspace: Workspace) -> str:
    """Return the command line that was given, with `-r` for this very run."""
    is_script = arguments.program.endswith('.py')
    # For run.py the first word, `run`, is implied.
    words = [interpreter(), sys.argv[0]] if is_script else [arguments.program, arguments.command]
    return shlex.join([*words, *without_reuse(arguments.argv[1:]), '-r', workspace.root.name])


def interpreter() -> str:
    """Return `python` where that is the interpreter that runs, else its path."""
    found = shutil.which('python')
    # The file itself says nothing: in each virtual environment it is a link to the same one.
    is_this = found is not None and Path(found).parent == Path(sys.executable).parent
    return 'python' if is_this else sys.executable


def without_reuse(argv: Sequence[str]) -> list[str]:
    """Return the words without `-r`, `--reuse` and their timestamp."""
    kept: list[str] = []
    words = iter(argv)
    for word in words:
        if word in ('-r', '--reuse'):
            following = next(words, None)
            if following is not None and not is_timestamp(following):
                kept.append(following)
        elif not word.startswith(('--reuse=', '-r2', '-rl')):
            kept.append(word)
    return kept


def is_timestamp(word: str) -> bool:
    """Return whether a word after `-r` belongs to it."""
    return word == 'latest' or (word[:8].isdigit() and '_' in word)
