"""`--strict`: a resumed run whose questions have changed is refused, not asked again."""

from collections.abc import Iterator

from evalkit.cli.open_books import judged_book, open_book, open_judged
from evalkit.cli.stages import Stages
from evalkit.errors import ConfigError
from evalkit.store import Workspace
from evalkit.tasks.answers import AnswerBook


def refuse_stale(stages: Stages, workspace: Workspace) -> None:
    """Raise ConfigError if a question is open while answers to former questions lie there."""
    for abbr, book in books(stages, workspace):
        if book.num_stale and book.num_open:
            raise ConfigError(
                f'--strict: {abbr} on {book.describe()}: the prompt, the model '
                'or its parameters changed since these answers were given; leave out --strict '
                'to ask the new ones, or leave out -r to begin a new run'
            )


def books(stages: Stages, workspace: Workspace) -> Iterator[tuple[str, AnswerBook]]:
    """Yield who is asked, a model or a judge, and what is answered."""
    for task in stages.tasks('infer', workspace):
        for pair in task.pairs:
            yield pair.model['abbr'], open_book(pair, task.shard, workspace)
    for task in stages.tasks('judge', workspace):
        for pair in task.judged:
            plan = open_judged(pair, workspace)
            yield task.model['abbr'], judged_book(plan, pair, task, workspace)
