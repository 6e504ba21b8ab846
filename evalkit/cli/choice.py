"""`--abbr`: some of the models that a config has."""

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError


def with_chosen(cfg: Mapping[str, Any], abbrs: Sequence[str]) -> dict[str, Any]:
    """Return a checked config with the models of these abbrs alone, also in its combinations."""
    known = [model['abbr'] for model in cfg['models']]
    for abbr in abbrs:
        if abbr not in known:
            near = did_you_mean(abbr, known, otherwise=f'; here are {", ".join(known)}')
            raise ConfigError(f'--abbr {abbr}: there is no such model{near}')
    chosen = {**cfg, 'models': [model for model in cfg['models'] if model['abbr'] in abbrs]}
    if 'model_dataset_combinations' in cfg:
        entries = [chosen_of(entry, abbrs) for entry in cfg['model_dataset_combinations']]
        chosen['model_dataset_combinations'] = [entry for entry in entries if entry['models']]
    return chosen


def chosen_of(entry: Mapping[str, Any], abbrs: Sequence[str]) -> dict[str, Any]:
    """Return a combination with these models alone; it may name them by their abbrs."""
    models = [
        model
        for model in entry['models']
        if (model if isinstance(model, str) else model['abbr']) in abbrs
    ]
    return {**entry, 'models': models}
