"""What a person sees in the terminal, apart from the live lines of the tasks."""

from pathlib import Path
from typing import Literal

from evalkit.store import Workspace
from evalkit.summarizers import Summary
from evalkit.summarizers.remarks import remarks
from evalkit.summarizers.render import Table, tables

WIDE = 1000
"""Columns of an output that is no terminal, where nothing needs to be folded."""

GAP = 2
"""Characters between two columns of a table."""


def say(text: str) -> None:
    """Print a line for the user; nothing in it is markup."""
    from rich.console import Console

    Console(soft_wrap=True).print(text, markup=False, highlight=False)


def show_summary(summary: Summary, workspace: Workspace) -> None:
    """Print the tables, what must be known about them, and where they are."""
    for table in tables(summary):
        if table.rows:
            show_table(table)
    say('')
    for line in remarks(summary):
        say(line)
    say(f'summary: {relative(workspace.summary)}/summary.{{txt,csv,md,json}}')
    say(f'each answer and its score: {relative(workspace.root / "results")}')


def show_table(table: Table) -> None:
    """Print a table, as wide as it needs to be where the output is no terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    shown = RichTable(
        box=box.SIMPLE_HEAD,
        title=f'[bold]{table.title}',
        title_justify='left',
        pad_edge=False,
        show_edge=False,
        collapse_padding=True,
    )
    for number, width in enumerate(column_widths(table, console.width)):
        justify: Literal['left', 'right'] = 'left' if number < table.num_names else 'right'
        shown.add_column(table.headers[number], justify=justify, overflow='fold', width=width)
    for row in table.rows:
        shown.add_row(*(Text(cell, 'red' if cell.startswith('FAILED') else '') for cell in row))
    console.print()
    console.print(shown)


def column_widths(table: Table, room: int) -> list[int]:
    """Return widths that fit into `room` characters; words are cut only where nothing else helps.

    rich alone cuts long names into pieces before it breaks a header of two words.
    """
    from rich.cells import cell_len

    columns = list(zip(table.headers, *table.rows, strict=True))
    widths = [max(map(cell_len, column)) for column in columns]
    words = [max(cell_len(word) for cell in column for word in cell.split()) for column in columns]
    room -= GAP * (len(columns) - 1)
    while sum(widths) > max(room, len(widths)):
        spare = [width - word for width, word in zip(widths, words, strict=True)]
        widest = max(range(len(widths)), key=lambda n: (max(spare[n], 0), widths[n]))
        widths[widest] -= 1
    return widths


def relative(path: Path) -> Path:
    """Return a path as the user would type it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
