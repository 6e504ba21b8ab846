"""A summary as text, csv and markdown; `tables` is what all of them and the terminal show."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.summarizers.collect import Cell
from evalkit.summarizers.remarks import remarks
from evalkit.summarizers.summary import Summary

UNUSUAL = ('truncated', 'empty', 'filtered', 'unextracted', 'cut_prompts', 'excluded', 'failed')
"""The kinds of answers that need a second look, as a result counts them."""

COUNTED = ('n', 'n_ok', *UNUSUAL)


@dataclass(frozen=True, slots=True)
class Table:
    """Texts in rows under headers; the first `num_names` columns are names, the rest numbers."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    num_names: int


def tables(summary: Summary) -> list[Table]:
    """Return the table of scores, and the table of answers and time behind it."""
    return [score_table(summary), answer_table(summary)]


def score_table(summary: Summary) -> Table:
    """Return a line for each metric and a column for each model, or for several of one name."""
    rows = [
        [row.dataset, row.version, row.metric, row.mode]
        + [cell_text(row.cells[column]) for column in summary.columns]
        for row in summary.rows
    ]
    return Table('scores', ['dataset', 'version', 'metric', 'mode', *summary.columns], rows, 4)


def cell_text(cell: Cell) -> str:
    """Return a value with its standard error; a score that does not cover everything is marked."""
    if cell.value is None:
        return f'FAILED ({shorten(cell.error)})' if cell.error else '-'
    error = '' if cell.stderr is None else f' ± {cell.stderr:.2f}'
    cover = '' if cell.n_ok == cell.n else f' ({cell.n_ok}/{cell.n})'
    subsets = f' [{cell.subsets}]' if cell.subsets else ''
    return f'{cell.value:.2f}{error}{cover}{subsets}'


def shorten(text: str, length: int = 40) -> str:
    """Return the beginning of a reason; the whole of it stands below the table."""
    text = ' '.join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + '…'


def answer_table(summary: Summary) -> Table:
    """Return a line for each model and dataset: how many answers, of which kind, how fast.

    A model is asked all its datasets at once, so that their time is told for all together. Where
    there is a judge, a column tells how many of the answers that need it have a verdict.
    """
    has_judge = any('judge' in result for result in summary.results.values())
    headers = ['model', 'dataset', 'answered', 'not ok', 'seconds']
    headers += ['prompt tokens', 'output tokens', 'tokens/s', *(['judged'] if has_judge else [])]
    rows = [
        [model, dataset, *texts, *([judged_text(result)] if has_judge else [])]
        for model in summary.models
        for dataset, result, texts in answer_rows(answered(summary, model))
    ]
    return Table('answers and time', headers, rows, 2)


def answered(summary: Summary, model: str) -> dict[str, Mapping[str, Any]]:
    """Return the results of a model that tell of answers, by dataset."""
    return {
        dataset: result
        for (dataset, of_model), result in summary.results.items()
        if of_model == model and ('error' not in result or 'judge' in result)
    }


def answer_rows(
    results: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, Mapping[str, Any], list[str]]]:
    """Yield each dataset of a model with its result and texts; several also as one."""
    is_alone = len(results) == 1
    for dataset, result in results.items():
        yield dataset, result, answer_texts(result, has_time=is_alone)
    if len(results) > 1:
        whole = added(list(results.values()))
        yield f'all {len(results)}', whole, answer_texts(whole)


def added(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Add up the counts, times and tokens of results."""
    counts = {name: sum(result.get(name, 0) for result in results) for name in COUNTED}
    timings = [result['timing'] for result in results]
    return {**counts, 'timing': {name: sum(each[name] for each in timings) for name in timings[0]}}


def answer_texts(result: Mapping[str, Any], *, has_time: bool = True) -> list[str]:
    """Return the counts and times of one result."""
    timing = result['timing']
    seconds, tokens = timing['infer_seconds'], timing['output_tokens']
    unusual = [f'{result[name]} {name.replace("_", " ")}' for name in UNUSUAL if result.get(name)]
    return [
        f'{result["n_ok"]}/{result["n"]}',
        ', '.join(unusual) or '-',
        f'{seconds:.1f}' if has_time else '-',
        str(timing['prompt_tokens']),
        str(tokens),
        f'{tokens / seconds:.0f}' if seconds and has_time else '-',
    ]


def judged_text(result: Mapping[str, Any]) -> str:
    """Return how many of the answers that the judge was needed for it has judged, and who it is."""
    judge = result.get('judge')
    return f'{judge["judged"]}/{judge["needed"]} by {judge["model"]}' if judge else '-'


def render_text(summary: Summary) -> str:
    """Return the tables as plain text."""
    from tabulate import tabulate

    parts = [
        tabulate(table.rows, headers=table.headers, disable_numparse=True)
        for table in tables(summary)
        if table.rows
    ]
    return blocks([*parts, '\n'.join(remarks(summary))])


def render_markdown(summary: Summary) -> str:
    """Return the tables in markdown."""
    return markdown(tables(summary), remarks(summary))


def markdown(tables: Iterable[Table], lines: Iterable[str]) -> str:
    """Return tables that have rows in markdown, and a list of remarks."""
    from tabulate import tabulate

    parts = [
        tabulate(
            [[cell.replace('|', '\\|') for cell in row] for row in table.rows],
            headers=[header.replace('|', '\\|') for header in table.headers],
            tablefmt='pipe',
            disable_numparse=True,
        )
        for table in tables
        if table.rows
    ]
    return blocks([*parts, '\n'.join(f'* {line}' for line in lines)])


def blocks(parts: Iterable[str]) -> str:
    """Join what there is by empty lines."""
    return '\n\n'.join(filter(None, parts)) + '\n'


def render_csv(summary: Summary) -> str:
    """Return the scores as comma-separated values: plain numbers, empty where there is none."""
    rows = []
    for row in summary.rows:
        values = [row.cells[column].value for column in summary.columns]
        shown = ['' if value is None else f'{value:.4f}' for value in values]
        rows.append([row.dataset, row.version, row.metric, row.mode, *shown])
    return csv_text(score_table(summary).headers, rows)


def csv_text(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return comma-separated values; None is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator='\n')
    writer.writerow(headers)
    writer.writerows(rows)
    return text.getvalue()
