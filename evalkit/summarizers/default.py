"""DefaultSummarizer: results to a table in the terminal and in `summary/`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evalkit.store import Workspace, write_atomic, write_json
from evalkit.summarizers.collect import Results, Row, make_row, metrics_of, read_results
from evalkit.summarizers.groups import group_row
from evalkit.summarizers.render import render_csv, render_markdown, render_text
from evalkit.summarizers.summary import Summary

Wanted = Sequence[str | Sequence[str]]


class DefaultSummarizer:
    """One line for each dataset and metric, one column for each model (OpenCompass's keys).

    `dataset_abbrs` chooses and orders the lines: an abbr (a name of a group, too), or
    `[abbr, metric]`. `summary_groups` are described in `evalkit/summarizers/groups.py`.
    """

    def __init__(
        self,
        dataset_abbrs: Wanted | None = None,
        summary_groups: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.dataset_abbrs = dataset_abbrs
        self.groups = {group['name']: group for group in summary_groups}

    def summarize(self, workspace: Workspace, pairs: Sequence[tuple[str, str]]) -> Summary:
        """Read the results of (dataset, model) pairs, write `summary/` and return it."""
        results = read_results(workspace, pairs)
        models = list(dict.fromkeys(model for _, model in pairs))
        summary = Summary(self.rows(results, models), results, models)
        write(summary, workspace.summary)
        return summary

    def rows(self, results: Results, models: Sequence[str]) -> list[Row]:
        """Return the lines of the table in the order that is asked for."""
        rows = []
        for item in self.dataset_abbrs or self.everything(results):
            name, metric = (item, None) if isinstance(item, str) else item
            if name in self.groups:
                rows.append(group_row(self.groups[name], results, models))
            else:
                rows.append(make_row(results, name, metric, models))
        return rows

    def everything(self, results: Results) -> Wanted:
        """Return every metric of every dataset, then the groups that have any subset here."""
        datasets = list(dict.fromkeys(dataset for dataset, _ in results))
        lines = [
            [dataset, metric]
            for dataset in datasets
            for metric in metrics_of(results, dataset) or ['-']
        ]
        groups = [
            name
            for name, group in self.groups.items()
            if any(
                (item if isinstance(item, str) else item[0]) in datasets
                for item in group['subsets']
            )
        ]
        return [*lines, *groups]


def write(summary: Summary, folder: Path) -> None:
    """Write the table as txt, csv, md and json."""
    write_atomic(folder / 'summary.txt', render_text(summary))
    write_atomic(folder / 'summary.csv', render_csv(summary))
    write_atomic(folder / 'summary.md', render_markdown(summary))
    write_json(folder / 'summary.json', summary.to_dict())
