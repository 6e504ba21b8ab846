"""The table of `evalkit bench`, for the terminal and as md, csv and json."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from evalkit.store import write_atomic, write_json
from evalkit.summarizers.collect import Cell
from evalkit.summarizers.contest import Line
from evalkit.summarizers.render import Table, cell_text, csv_text, markdown, shorten

FIELDS = (
    'model',
    'dataset',
    'backend',
    'engine',
    'metric',
    'value',
    'stderr',
    'n',
    'n_ok',
    'agreement',
    'load_seconds',
    'infer_seconds',
    'output_tokens',
    'tokens_per_second',
    'speedup',
    'error',
)
"""The columns of `bench.csv`."""


def bench_table(lines: Sequence[Line]) -> Table:
    """Return the table; model and dataset are columns where there are several."""
    names = [name for name in ('model', 'dataset') if len({getattr(x, name) for x in lines}) > 1]
    metrics = {line.metric for line in lines if line.metric}
    score = metrics.pop() if len(metrics) == 1 else 'score'
    headers = [*names, 'backend', 'engine', score, 'agreement', 'load', 'inference', 'tokens/s']
    rows = [[*(getattr(line, name) for name in names), *cells(line)] for line in lines]
    return Table('backends', [*headers, 'speed-up'], rows, num_names=len(names) + 2)


def cells(line: Line) -> list[str]:
    """Return the cells of a line behind its names."""
    speed = line.tokens_per_second
    return [
        line.backend,
        line.engine or '-',
        score_text(line),
        '-' if line.agreement is None else f'{line.agreement:.1f} %',
        '-' if line.load_seconds is None else f'{line.load_seconds:.1f} s',
        '-' if line.infer_seconds is None else f'{line.infer_seconds:.1f} s',
        '-' if speed is None else f'{speed:.0f}',
        '-' if line.speedup is None else f'{line.speedup:.2f} x',
    ]


def score_text(line: Line) -> str:
    """Return the score with its standard error, or that the backend failed."""
    if line.error is not None:
        return f'FAILED ({shorten(line.error)})'
    return cell_text(Cell(value=line.value, stderr=line.stderr, n=line.n, n_ok=line.n_ok))


def failures(lines: Iterable[Line]) -> list[str]:
    """Return why backends have failed, each reason once."""
    reasons = (f'FAILED {line.backend}: {line.error}' for line in lines if line.error)
    return list(dict.fromkeys(reasons))


def write_bench(lines: Sequence[Line], folder: Path) -> None:
    """Write the table as md, csv and json."""
    write_atomic(folder / 'bench.md', markdown([bench_table(lines)], failures(lines)))
    dicts = [line.to_dict() for line in lines]
    write_atomic(
        folder / 'bench.csv', csv_text(FIELDS, ([x[name] for name in FIELDS] for x in dicts))
    )
    write_json(folder / 'bench.json', {'lines': dicts})
