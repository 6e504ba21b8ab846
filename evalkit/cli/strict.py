"""`--strict`: a resumed run whose questions have changed is refused, not asked again."""

from evalkit.cli.dry_run import open_book
from evalkit.cli.stages import Stages
from evalkit.errors import ConfigError
from evalkit.store import Workspace


def refuse_stale(stages: Stages, workspace: Workspace) -> None:
    """Raise ConfigError if a question is open while answers to former questions lie there."""
    for task in stages.tasks('infer', workspace):
        for pair in task.pairs:
            book = open_book(pair, task.shard, workspace)
            if book.num_stale and book.num_open:
                raise ConfigError(
                    f'--strict: {pair.model["abbr"]} on {book.describe()}: the prompt, the model '
                    'or its parameters changed since these answers were given; leave out --strict '
                    'to ask the new ones, or leave out -r to begin a new run'
                )
