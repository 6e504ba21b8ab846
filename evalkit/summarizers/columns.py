"""Models of one `summarizer_abbr` share a column of the table; any other has its own."""

from collections.abc import Iterable, Mapping, Sequence

from evalkit.summarizers.collect import Results

Columns = Mapping[str, Sequence[str]]
"""The abbrs of the models of each column."""


def models_by_column(models: Iterable[str], named: Mapping[str, str]) -> Columns:
    """Return the columns of different models, in their order; `named` are those with a name."""
    found: dict[str, list[str]] = {}
    for model in models:
        found.setdefault(named.get(model, model), []).append(model)
    return found


def by_column(results: Results, columns: Columns) -> Results:
    """Return results by (dataset, column); no two models of a column have the same dataset."""
    column_of = {model: column for column, models in columns.items() for model in models}
    return {(dataset, column_of[model]): result for (dataset, model), result in results.items()}
