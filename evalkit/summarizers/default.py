"""DefaultSummarizer: results to a table in the terminal and in `summary/`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evalkit.store import Workspace, write_atomic, write_json
from evalkit.summarizers.collect import Results, Row, make_row, metrics_of, read_results
from evalkit.summarizers.columns import by_column, models_by_column
from evalkit.summarizers.groups import name_and_metric, parse_group
from evalkit.summarizers.render import render_csv, render_markdown, render_text
from evalkit.summarizers.summary import Summary
from evalkit.summarizers.usage import read_judge_usage, read_usage

Wanted = Sequence[tuple[str, str | None]]


class DefaultSummarizer:
    """One line for each dataset and metric, one column for each model (OpenCompass's keys).

    Models of one `summarizer_abbr` share a column.

    `dataset_abbrs` chooses and orders the lines: an abbr (a name of a group, too), or
    `[abbr, metric]`. `summary_groups` are described in `evalkit/summarizers/groups.py`.
    """

    def __init__(
        self,
        dataset_abbrs: Sequence[str | Sequence[str]] | None = None,
        summary_groups: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.wanted = None if dataset_abbrs is None else [*map(name_and_metric, dataset_abbrs)]
        self.groups = {group.name: group for group in map(parse_group, summary_groups)}

    def summarize(
        self,
        workspace: Workspace,
        pairs: Sequence[tuple[str, str]],
        named: Mapping[str, str] | None = None,
    ) -> Summary:
        """Read the results of (dataset, model) pairs, write `summary/` and return it.

        `named` are the columns of models that have none of their own; no two models of a column
        have the same dataset (`check_columns`).
        """
        results = read_results(workspace, pairs)
        models = list(dict.fromkeys(model for _, model in pairs))
        columns = models_by_column(models, named or {})
        shown = by_column(results, columns)
        wanted = self.everything(shown) if self.wanted is None else self.wanted
        rows = [self.row(name, metric, shown, list(columns)) for name, metric in wanted]
        usages = read_usage(workspace, models), read_judge_usage(workspace)
        summary = Summary(rows, results, columns, *usages)
        write(summary, workspace.summary)
        return summary

    def row(
        self,
        name: str,
        metric: str | None,
        results: Results,
        columns: Sequence[str],
        within: Sequence[str] = (),
    ) -> Row:
        """Return the line of a dataset or a group; inside a group its own name is a dataset."""
        if name not in self.groups or name in within:
            return make_row(results, name, metric, columns)
        group = self.groups[name]
        asked = None if metric == group.statistic else metric
        rows = [
            self.row(subset.name, subset.metric or asked, results, columns, (*within, name))
            for subset in group.subsets
        ]
        return group.row(asked, rows, columns)

    def everything(self, results: Results) -> Wanted:
        """Return every metric of every dataset, then the groups that have any subset here."""
        datasets = list(dict.fromkeys(dataset for dataset, _ in results))
        lines: list[tuple[str, str | None]] = []
        for dataset in datasets:
            metrics = metrics_of(results, dataset)
            lines += [(dataset, metric) for metric in metrics] or [(dataset, None)]
        groups = [(name, None) for name in self.groups if self.members(name) & set(datasets)]
        return [*lines, *groups]

    def members(self, name: str, within: Sequence[str] = ()) -> set[str]:
        """Return the datasets of a group, those of groups inside it, too."""
        if name not in self.groups or name in within:
            return {name}
        subsets = self.groups[name].subsets
        return set().union(*(self.members(subset.name, (*within, name)) for subset in subsets))


def write(summary: Summary, folder: Path) -> None:
    """Write the table as txt, csv, md and json."""
    write_atomic(folder / 'summary.txt', render_text(summary))
    write_atomic(folder / 'summary.csv', render_csv(summary))
    write_atomic(folder / 'summary.md', render_markdown(summary))
    write_json(folder / 'summary.json', summary.to_dict())
