"""Find every mistake in a config that can be found without an engine, before anything is run."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from evalkit.config import (
    TOP_KEYS,
    did_you_mean,
    hide_secrets,
    redact,
)
from evalkit.errors import ConfigError
from evalkit.models.adapters import with_adapters
from evalkit.tasks import schema
from evalkit.tasks.columns import check_columns
from evalkit.tasks.parts import Cfg, Checked, check_judge, check_judged_dataset, check_model, nested

TOP_TYPES = {'work_dir': str, 'summarizer': dict, 'infer': dict, 'eval': dict}


def validate(cfg: Cfg, path: str | Path | None) -> Checked:
    """Return the config that is run: checked, with full types and an `abbr` everywhere.

    `cfg` is what `load_config(path)` returned and stays as it is; its helper variables are left
    out. A `ConfigError` names the file (None is the command line), the full place of the key and
    the nearest known one.
    """
    try:
        return _validate(cfg)
    except ConfigError as error:
        text = redact(str(error), hide_secrets(cfg)[1])
        raise ConfigError(f'{path or "command line"}: {text}') from error


def _validate(cfg: Cfg) -> Checked:
    _check_top(cfg)
    combined = _combinations(cfg.get('model_dataset_combinations'))
    judges = _listed(cfg, 'judge_models', check_judge, ()) if cfg.get('judge_models') else []
    check_judged = partial(check_judged_dataset, judges=judges)
    checked: Checked = {
        'models': _adapted(_listed(cfg, 'models', check_model, combined)),
        'datasets': _listed(cfg, 'datasets', check_judged, combined),
    }
    if combined:
        checked_combinations = [
            _combination(entry, i, check_judged) for i, entry in enumerate(combined)
        ]
        checked['model_dataset_combinations'] = checked_combinations
    check_columns(checked)
    if judges:
        checked['judge_models'] = judges
    rest = {key: cfg[key] for key in TOP_TYPES if cfg.get(key) is not None}
    return {**checked, **{key: _top_value(key, value) for key, value in rest.items()}}


def _check_top(cfg: Cfg) -> None:
    """Find misspelt top-level names; other unknown names are helpers of the config file."""
    missing = [key for key in TOP_KEYS if key not in cfg]
    for key, value in cfg.items():
        meant = did_you_mean(key, missing, cutoff=0.8)
        if key in TOP_KEYS or key.startswith('_') or not meant:
            continue
        known = next(known for known in missing if known in meant)
        if isinstance(value, TOP_TYPES.get(known, list)):
            raise ConfigError(f'{key}: unknown key{meant}')
    if cfg.get('chatml_datasets'):
        raise ConfigError(
            'chatml_datasets: this is not read here: write each as a dict of `datasets`, with '
            "RawPromptTemplate(messages=[{'expand_column': ...}]) for its prompt"
        )
    for key, kind in TOP_TYPES.items():
        if not isinstance(cfg.get(key), kind | None):
            raise ConfigError(f'{key}: {cfg[key]!r:.60} is not {schema.NAMES[kind]}')


def _listed(
    cfg: Cfg, key: str, check: Callable[[Any, str], Checked], combined: Sequence[Cfg]
) -> list[Checked]:
    """Return the checked models or datasets, each abbr once."""
    listed = cfg.get(key)
    if listed is None and combined:
        listed = [item for entry in combined for item in entry[key] if not isinstance(item, str)]
    if not isinstance(listed, list | tuple):
        what = 'is missing' if listed is None else f'is {listed!r:.60}'
        raise ConfigError(f'{key}: {what}; it must be a list of dicts')
    if not listed:
        raise ConfigError(f'{key}: the list is empty')
    return _unique([(f'{key}[{i}]', check(item, f'{key}[{i}]')) for i, item in enumerate(listed)])


def _adapted(models: Sequence[Checked]) -> list[Checked]:
    """Return the models with a config for each of their adapters."""
    return _unique([(cfg['abbr'], each) for cfg in models for each in with_adapters(cfg)])


def _unique(placed: Sequence[tuple[str, Checked]]) -> list[Checked]:
    """Leave out what is listed twice; two different ones must not share an abbr."""
    first: dict[str, tuple[str, Checked]] = {}
    for place, cfg in placed:
        earlier, same = first.setdefault(cfg['abbr'], (place, cfg))
        if same != cfg:
            keys = [key for key in {**same, **cfg} if same.get(key) != cfg.get(key)]
            raise ConfigError(
                f'{earlier} and {place} have the same abbr {cfg["abbr"]!r} '
                f'but differ in {", ".join(keys)}; give each its own abbr'
            )
    return [cfg for _, cfg in first.values()]


def _combinations(entries: Any) -> list[Cfg]:
    if entries is None:
        return []
    if not isinstance(entries, list | tuple):
        raise ConfigError(f'model_dataset_combinations: {entries!r:.60} is not a list')
    for index, entry in enumerate(entries):
        place = f'model_dataset_combinations[{index}]'
        schema.check_keys(entry, schema.COMBINATION_KEYS, place)
        for key in schema.COMBINATION_KEYS:
            if not isinstance(entry.get(key), list | tuple):
                raise ConfigError(f'{place}.{key}: needs a list')
    return list(entries)


def _combination(entry: Cfg, index: int, check_judged: Callable[[Any, str], Checked]) -> Checked:
    place = f'model_dataset_combinations[{index}]'
    checks = {'models': check_model, 'datasets': check_judged}
    checked = {
        key: [
            item if isinstance(item, str) else check(item, f'{place}.{key}[{i}]')
            for i, item in enumerate(entry[key])
        ]
        for key, check in checks.items()
    }
    models = [
        each
        for item in checked['models']
        for each in ([item] if isinstance(item, str) else with_adapters(item))
    ]
    return {**checked, 'models': models}


def _top_value(key: str, value: Any) -> Any:
    if key in ('infer', 'eval'):
        schema.check_keys(value, schema.STAGE_KEYS, key)
        value = {name: _without_task(cfg, f'{key}.{name}') for name, cfg in value.items()}
    return nested(None, value, key)


def _without_task(cfg: Any, place: str) -> Any:
    """Leave out the task that OpenCompass's runners name: here a stage has just one."""
    if not isinstance(cfg, Mapping) or 'task' not in cfg:
        return cfg
    task = cfg['task'].get('type') if isinstance(cfg['task'], Mapping) else cfg['task']
    if str(task).rpartition('.')[2] not in schema.TASKS:
        known = ' or '.join(schema.TASKS)
        raise ConfigError(f'{place}.task: {task} is not known; leave it out, or write {known}')
    return {key: value for key, value in cfg.items() if key != 'task'}
