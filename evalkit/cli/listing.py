"""`--list`: which configs there are."""

from collections.abc import Sequence

from evalkit.catalog import list_configs
from evalkit.cli.terminal import say, show_table
from evalkit.errors import ExitCode
from evalkit.summarizers.render import Table


def show_configs(patterns: Sequence[str]) -> int:
    """Print the configs whose names match any of the patterns; without one, all."""
    rows = [[row.kind, row.name, str(row.path)] for row in list_configs(patterns)]
    if not rows:
        say(f'no config matches {" ".join(patterns)}')
        return ExitCode.CONFIG
    show_table(Table('configs', ['kind', 'name', 'file'], rows, num_names=3))
    return ExitCode.COMPLETE
