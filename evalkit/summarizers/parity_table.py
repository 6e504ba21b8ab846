"""The table of `evalkit parity`, for the terminal and as md, csv and json."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from evalkit.store import write_atomic, write_json
from evalkit.summarizers.parity import Agreement
from evalkit.summarizers.render import Table, csv_text, markdown, shorten

FIELDS = (
    'model',
    'dataset',
    'backend',
    'engine',
    'num_prompts_equal',
    'num_prompts',
    'num_texts_equal',
    'num_texts',
    'num_logprobs',
    'max_gap',
    'difference',
    'error',
)
"""The columns of `parity.csv`."""


def parity_table(lines: Sequence[Agreement]) -> Table:
    """Return a line for each dataset and backend."""
    names = ['model'] if len({line.model for line in lines}) > 1 else []
    headers = [*names, 'dataset', 'backend', 'engine', 'prompts', 'greedy answers']
    rows = [[*(getattr(line, name) for name in names), *cells(line)] for line in lines]
    return Table('parity', [*headers, 'largest gap', 'verdict'], rows, num_names=len(names) + 3)


def cells(line: Agreement) -> list[str]:
    """Return the cells of a line."""
    return [
        line.dataset,
        line.backend,
        line.engine or '-',
        share(line.num_prompts_equal, line.num_prompts),
        share(line.num_texts_equal, line.num_texts),
        '-' if line.max_gap is None else f'{line.max_gap:.1e}',
        verdict(line),
    ]


def share(num_equal: int, num: int) -> str:
    """Return how many of how many are equal; nothing to compare is no agreement."""
    return f'{num_equal}/{num}' if num else '-'


def verdict(line: Agreement) -> str:
    """Return the likely cause of the first difference, or that there is none."""
    if line.error is not None:
        return f'FAILED ({shorten(line.error)})'
    return 'equal' if line.difference is None else line.difference.cause


def notes(lines: Iterable[Agreement]) -> list[str]:
    """Return the first difference of each line, and what could not be compared."""
    found = []
    for line in lines:
        if line.error is not None:
            found.append(f'FAILED {line.backend} on {line.dataset}: {line.error}')
        if line.difference is not None:
            found.append(f'{line.backend} on {line.dataset}, {line.difference}')
        if line.note is not None:
            found.append(f'{line.backend}: no log-probabilities: {line.note}')
    return list(dict.fromkeys(found))


def write_parity(lines: Sequence[Agreement], folder: Path) -> None:
    """Write the table as md, csv and json."""
    write_atomic(folder / 'parity.md', markdown([parity_table(lines)], notes(lines)))
    rows = ([getattr(line, name) for name in FIELDS] for line in lines)
    write_atomic(folder / 'parity.csv', csv_text(FIELDS, rows))
    write_json(folder / 'parity.json', {'lines': [asdict(line) for line in lines]})
