"""What a run found: the lines of the table with the results behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evalkit.summarizers.collect import Results, Row
from evalkit.summarizers.usage import Usage


@dataclass(frozen=True, slots=True)
class Summary:
    """The lines of a table with the results behind them; `columns` have the models of each."""

    rows: Sequence[Row]
    results: Results
    columns: Mapping[str, Sequence[str]]
    usage: Usage = field(default_factory=dict)
    judge_usage: Usage = field(default_factory=dict)

    @property
    def models(self) -> list[str]:
        """The abbrs of all models."""
        return [model for models in self.columns.values() for model in models]

    @property
    def errors(self) -> dict[tuple[str, str], str]:
        """The reason for each (dataset, model) that has no result."""
        return {
            place: result['error'] for place, result in self.results.items() if 'error' in result
        }

    @property
    def is_incomplete(self) -> bool:
        """Whether a resumed run can add something."""
        return any(result.get('is_incomplete') for result in self.results.values())

    @property
    def num_failed(self) -> int:
        """How many samples have no answer because of an error."""
        return sum(result.get('failed', 0) for result in self.results.values())

    def to_dict(self) -> dict[str, Any]:
        """Return the content of `summary.json`."""
        rows = [
            {
                'dataset': row.dataset,
                'version': row.version,
                'metric': row.metric,
                'mode': row.mode,
                'values': {column: cell.to_dict() for column, cell in row.cells.items()},
            }
            for row in self.rows
        ]
        timing: dict[str, dict[str, Any]] = {model: {} for model in self.models}
        for (dataset, model), result in self.results.items():
            if 'timing' in result:
                timing[model][dataset] = result['timing']
        judges = [
            {'dataset': dataset, 'of': model, **result['judge']}
            for (dataset, model), result in self.results.items()
            if 'judge' in result
        ]
        usages = {'usage': dict(self.usage), 'judge_usage': dict(self.judge_usage)}
        columns = {name: list(models) for name, models in self.columns.items()}
        has_names = columns != {name: [name] for name in columns}
        optional = {'columns': columns if has_names else {}, 'judges': judges, **usages}
        return {
            'rows': rows,
            'timing': timing,
            **{key: value for key, value in optional.items() if value},
        }
