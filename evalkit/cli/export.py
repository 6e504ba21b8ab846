"""`--export`: the answers of a run in the files of other projects."""

from collections.abc import Sequence

from evalkit.cli.stages import Stages
from evalkit.cli.terminal import relative, say
from evalkit.config import resolve_type
from evalkit.exports import FORMATS
from evalkit.exports.run import export_run
from evalkit.store import Workspace


def export_answers(names: Sequence[str], stages: Stages, workspace: Workspace) -> None:
    """Write all answers in each format, and say where they are and which are not."""
    if not names:
        return
    formats = {name: resolve_type(FORMATS[name]) for name in names}
    done = list(export_run(formats, stages.tasks('eval', workspace), workspace))
    for each in done:
        if each.error is not None:
            say(f'not exported: {each.dataset} of {each.model}: {each.error}')
    if any(each.error is None for each in done):
        for name in names:
            say(f'export: {relative(workspace.exports(name))}')
