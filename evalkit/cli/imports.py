"""`--from-opencompass`: the answers that are scored come from a run of OpenCompass."""

from argparse import Namespace
from pathlib import Path

from evalkit.cli.stages import Stages
from evalkit.cli.terminal import say
from evalkit.errors import ConfigError
from evalkit.imports import Imported, import_opencompass
from evalkit.imports.files import predictions_folder
from evalkit.store import Workspace


def check_import(arguments: Namespace) -> None:
    """Refuse what is no run of theirs, and to ask a model for what is missing in one."""
    if arguments.from_opencompass is None:
        return
    if arguments.mode != 'eval':
        raise ConfigError('--from-opencompass only scores: give -m eval with it')
    predictions_folder(arguments.from_opencompass)


def import_answers(given: Path | None, stages: Stages, workspace: Workspace) -> None:
    """Store the answers, and say how many there are."""
    if given is None:
        return
    for done in import_opencompass(given, stages.tasks('eval', workspace), workspace):
        say(f'{done.dataset} of {done.model}: {described(done)}')


def described(done: Imported) -> str:
    """Say how an import went."""
    if done.error is not None:
        return f'not imported: {done.error}'
    doubt = '' if done.is_compared else ' (no reference to compare with: are the samples the same?)'
    return f'{done.num_answers} answers{doubt}'
