"""Chooses how a run is shown: live on a terminal, a line an event anywhere else."""

from typing import TextIO

from evalkit.runners.display import Display


def open_display(stream: TextIO, num_tasks: int) -> Display:
    """Return a live display for a terminal, and a quiet one for anything else."""
    if not stream.isatty():
        return Display(stream, num_tasks)
    # Here, because it loads rich, which takes 0.1 s.
    from evalkit.runners.live import LiveDisplay

    live = LiveDisplay(stream, num_tasks)
    return live if live.is_possible else Display(stream, num_tasks)
