"""Who is asked what, and in which column of the table it stands.

That is the column of a model's `summarizer_abbr`, which several models may share (OpenCompass), or
one of its own.
"""

from collections.abc import Mapping
from typing import Any

from evalkit.errors import ConfigError

Cfg = Mapping[str, Any]


def asked_pairs(cfg: Cfg) -> list[tuple[str, str]]:
    """Return the abbrs of each dataset and model that are evaluated together."""
    return [
        (abbr_of(dataset), abbr_of(model))
        for item in cfg.get('model_dataset_combinations') or [cfg]
        for dataset in item['datasets']
        for model in item['models']
    ]


def abbr_of(cfg: Cfg | str) -> str:
    """Return the abbr of a config; combinations may give just that."""
    return cfg if isinstance(cfg, str) else str(cfg['abbr'])


def named_columns(cfg: Cfg) -> dict[str, str]:
    """Return the columns of the models that name one, by their abbrs."""
    items = [cfg, *cfg.get('model_dataset_combinations', ())]
    models = {
        model['abbr']: model
        for item in reversed(items)  # where both have it, that of `models` is run
        for model in item['models']
        if not isinstance(model, str)
    }
    return {abbr: name for abbr in models if (name := models[abbr].get('summarizer_abbr'))}


def check_columns(cfg: Cfg) -> None:
    """Refuse two models of one column that are asked the same: it has room for one result."""
    columns = named_columns(cfg)
    first: dict[tuple[str, str], str] = {}
    for dataset, model in asked_pairs(cfg):
        column = columns.get(model, model)
        earlier = first.setdefault((dataset, column), model)
        if earlier != model:
            raise ConfigError(
                f'summarizer_abbr: {earlier} and {model} share the column {column!r} of the table, '
                f'and both are asked {dataset}: give each a summarizer_abbr of its own, or '
                'datasets of its own by model_dataset_combinations'
            )
