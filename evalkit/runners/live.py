"""The display for a terminal: a line a task, redrawn a few times a second."""

import time
from types import TracebackType
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from evalkit.runners import lines
from evalkit.runners.display import Display, Row

NUM_OTHER_LINES = 3
BAR_WIDTH = 12
CELLS_WIDTH = 52
LEAST_NAME_WIDTH = 12
BAR_FROM_WIDTH = 100


class LiveDisplay(Display):
    """Shows the running tasks, as many as fit on the screen, and a line for all."""

    def __init__(self, stream: TextIO, num_tasks: int) -> None:
        super().__init__(stream, num_tasks)
        self.console = Console(file=stream, highlight=False, markup=False, emoji=False)
        self.live = Live(console=self.console, auto_refresh=False, transient=True)
        self.began = time.monotonic()

    @property
    def is_possible(self) -> bool:
        """Whether the terminal can redraw lines."""
        return self.console.is_terminal and not self.console.is_dumb_terminal

    def __enter__(self) -> 'LiveDisplay':
        self.live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.live.stop()

    def announce(self, text: str) -> None:
        """Say nothing: the line of the task appears."""

    def say(self, text: str, style: str = '') -> None:
        """Print lines above the live ones; only the first is coloured."""
        head, newline, rest = text.partition('\n')
        with self.lock:
            # A task that has just ended must not come again below what is said of it.
            self.live.update(self.draw(), refresh=True)
            self.console.print(Text.assemble((head, style), newline, rest), soft_wrap=True)

    def redraw(self) -> None:
        """Draw the lines of the tasks."""
        self.live.update(self.draw(), refresh=True)

    def draw(self) -> Group:
        """Return the lines of the tasks and the line for all."""
        bar_width = BAR_WIDTH if self.console.width >= BAR_FROM_WIDTH else 0
        name_width = max(LEAST_NAME_WIDTH, self.console.width - CELLS_WIDTH - bar_width)
        table = Table.grid(padding=(0, 1))
        table.add_column(no_wrap=True, overflow='ellipsis', max_width=name_width)
        rows = list(self.rows.values())
        num_shown = max(1, self.console.height - NUM_OTHER_LINES)
        for row in rows[:num_shown]:
            table.add_row(*cells(row, bar_width))
        num_hidden = max(0, len(rows) - num_shown)
        more = [Text(f'... and {num_hidden} more')] if num_hidden else []
        return Group(table, *more, self.total())

    def total(self) -> Text:
        """Return how many tasks are done, failed, running and waiting."""
        text = Text(f'{self.num_done} of {self.num_tasks} tasks ended')
        if self.num_failed:
            text.append(f', {self.num_failed} FAILED', 'red')
        num_waiting = self.num_tasks - self.num_done - len(self.rows)
        waiting = f', {num_waiting} waiting' if num_waiting else ''
        text.append(f', {len(self.rows)} running{waiting}')
        text.append(f', {lines.duration(time.monotonic() - self.began)}')
        return text


def cells(row: Row, bar_width: int) -> list[Text | ProgressBar]:
    """Return the cells of a task's line, with a bar if there is room."""
    progress = row.read()
    texts = (
        lines.samples_done(progress),
        lines.samples_rate(progress),
        lines.tokens_rate(progress),
        lines.time_left(progress) or lines.duration(time.monotonic() - row.began),
    )
    bar = ProgressBar(max(progress.num_total, 1), progress.num_done, width=bar_width)
    return [
        Text(row.task.name),
        Text(progress.phase, 'cyan', no_wrap=True),
        *([bar] if bar_width else []),
        *(Text(text, no_wrap=True) for text in texts),
        Text(lines.samples_failed(progress), 'red', no_wrap=True),
        Text(lines.service(progress), no_wrap=True),
    ]
