"""Check models, datasets and what they are made of, wherever a config has them."""

import inspect
import os
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from functools import partial
from typing import Any

from evalkit.config import (
    arguments_of,
    check_arguments,
    check_required,
    did_you_mean,
    resolve_type,
    type_path,
)
from evalkit.datasets import BaseDataset
from evalkit.datasets.base import PLAN_KEYS as DATASET_KEYS
from evalkit.datasets.base import loader_of
from evalkit.errors import ConfigError
from evalkit.evaluators import BaseEvaluator
from evalkit.inferencers import generation_params
from evalkit.models.adapters import check_adapters
from evalkit.models.base import PLAN_KEYS as MODEL_KEYS
from evalkit.models.base import BaseModel
from evalkit.models.shipped import with_shipped_paths
from evalkit.prompts import ZeroRetriever
from evalkit.tasks import schema
from evalkit.tasks.judges import default_judge, with_judge

Cfg = Mapping[str, Any]
Checked = dict[str, Any]


def check_model(cfg: Any, place: str) -> Checked:
    """Return a checked model config."""
    made_of = _type_of(cfg, place)
    if not (inspect.isclass(made_of) and issubclass(made_of, BaseModel)):
        raise ConfigError(f'{place}.type: {cfg["type"]} is not a model')
    arguments = arguments_of(made_of)
    if arguments is not None:
        schema.check_replaced(cfg, arguments, place)
        schema.check_keys(cfg, ('type', *sorted(MODEL_KEYS), *arguments), place)
    schema.check_values(cfg, place)
    check_required(made_of, cfg, place)
    check_adapters(cfg, place)
    _check_sampling(cfg, {}, place)
    _check_inner(cfg, 'run_cfg', schema.RUN_KEYS, place)
    checked = {'abbr': default_abbr(made_of, cfg), **_inside(cfg, place, made_of)}
    return with_shipped_paths(checked)


def default_abbr(made_of: type[BaseModel], cfg: Cfg) -> str:
    """Return what a model is called whose config does not say it."""
    path = str(cfg.get('path', '')).strip('/').replace('/', '_')
    return f'{made_of.__name__}_{path}'


def check_judged_dataset(cfg: Any, place: str, judges: Sequence[Cfg]) -> Checked:
    """Return a checked dataset config that names its judge, if it needs one."""
    return with_judge(check_dataset(cfg, place), partial(default_judge, judges, os.environ))


def check_dataset(cfg: Any, place: str) -> Checked:
    """Return a checked dataset config."""
    checked = check_rows(cfg, place)
    _check_stages(checked, place)
    retriever = {'type': type_path(ZeroRetriever)}
    return {**checked, 'infer_cfg': {'retriever': retriever, **checked['infer_cfg']}}


def check_rows(cfg: Any, place: str) -> Checked:
    """Return a dataset config that is checked as far as its rows are concerned."""
    made_of = _type_of(cfg, place)
    load = loader_of(made_of, place)
    if inspect.isclass(made_of) and issubclass(made_of, BaseDataset):
        cfg = _with_defaults(cfg, made_of.defaults(cfg))
    known = arguments_of(load)
    cfg = _with_repeats(cfg, known or ())
    arguments = [key for key in cfg if key not in DATASET_KEYS]
    if known is not None:
        schema.check_keys(cfg, (*sorted(DATASET_KEYS), *known), place)
    schema.check_values(cfg, place)
    check_required(load, arguments, place)
    _check_inner(cfg, 'reader_cfg', schema.READER_KEYS, place)
    path, name = cfg.get('path', made_of.__name__), cfg.get('name')
    abbr = '_'.join(str(part) for part in (path, name) if part).strip('/').replace('/', '_')
    return {'abbr': abbr, **_inside(cfg, place, made_of)}


def _with_defaults(cfg: Cfg, defaults: Cfg) -> Checked:
    """Return a dataset config with what it leaves to its class; its own keys count."""
    parts = {
        key: {**value, **cfg[key]}
        for key, value in defaults.items()
        if isinstance(value, Mapping) and isinstance(cfg.get(key), Mapping)
    }
    return {**defaults, **cfg, **parts}


def _with_repeats(cfg: Cfg, arguments: Iterable[str]) -> Cfg:
    """Return a dataset with `n` where it says `num_repeats`, OpenCompass's older word for it."""
    if 'num_repeats' not in cfg or 'num_repeats' in arguments:
        return cfg
    rest = {key: value for key, value in cfg.items() if key != 'num_repeats'}
    return {'n': cfg['num_repeats'], **rest}


def _check_stages(cfg: Cfg, place: str) -> None:
    """Check what a dataset says about asking and scoring."""
    for key, known, needed in (
        ('infer_cfg', schema.INFER_KEYS, ('inferencer',)),
        ('eval_cfg', schema.EVAL_KEYS, ('evaluator',)),
    ):
        inner = _check_inner(cfg, key, known, place)
        for name in needed:
            if 'type' not in (inner.get(name) or {}):
                raise ConfigError(f'{place}.{key}.{name}: needs a dict with a `type`')
    if not cfg['infer_cfg'].keys() & {'prompt_template', 'ice_template'}:
        raise ConfigError(f'{place}.infer_cfg: needs a prompt_template or an ice_template')


def _check_inner(cfg: Cfg, key: str, known: tuple[str, ...], place: str) -> Cfg:
    """Check the keys and values of a dict without a `type`, and return it."""
    inner: Cfg = cfg.get(key) or {}
    schema.check_keys(inner, known, f'{place}.{key}')
    schema.check_values(inner, f'{place}.{key}')
    return inner


def _check_sampling(model_cfg: Cfg, wanted: Cfg, place: str) -> None:
    """Check the sampling parameters of a model, or those that an inferencer wants."""
    try:
        generation_params(model_cfg, wanted)
    except ConfigError as error:
        raise ConfigError(f'{place}.{error}') from error


def check_judge(cfg: Any, place: str) -> Checked:
    """Return the checked config of a model that scores; it is one, whatever adapters it has."""
    if isinstance(cfg, Mapping) and cfg.get('adapters'):
        raise ConfigError(f'{place}.adapters: a judge has one: name it with peft_path or lora_path')
    return check_model(cfg, place)


def check_component(cfg: Cfg, place: str) -> Checked:
    """Return any other dict with a `type`, checked; a model or dataset in there is checked so."""
    made_of = _type_of(cfg, place)
    if inspect.isclass(made_of) and issubclass(made_of, BaseModel):
        return check_judge(cfg, place)
    if inspect.isclass(made_of) and issubclass(made_of, BaseDataset):
        return check_rows(cfg, place)
    outside = {'type'}
    if inspect.isclass(made_of) and issubclass(made_of, BaseEvaluator):
        outside.add('pred_postprocessor')  # any evaluator may have one
        check_required(made_of, cfg, place)
    check_arguments(made_of, [key for key in cfg if key not in outside], place)
    return _inside(cfg, place, made_of)


def _inside(cfg: Cfg, place: str, made_of: Any) -> Checked:
    """Return `cfg` with its full type and everything in it checked."""
    inner = {key: nested(key, cfg[key], f'{place}.{key}') for key in cfg if key != 'type'}
    return {'type': _full_type(cfg['type'], made_of), **inner}


def nested(key: Any, value: Any, place: str) -> Any:
    """Return a value of a config with everything in it checked; `key` is its name."""
    if key in schema.FREE_KEYS:
        return deepcopy(value)
    if isinstance(value, Mapping):
        if 'type' in value:
            checked = check_component(value, place)
            if key in ('inferencer', 'retriever'):
                schema.check_values(value, place)
                _check_sampling({}, value, place)
            return checked
        return {name: nested(name, item, f'{place}.{name}') for name, item in value.items()}
    if isinstance(value, list | tuple):
        items = (nested(None, item, f'{place}[{i}]') for i, item in enumerate(value))
        return type(value)(items)
    if key in ('pred_postprocessor', 'dataset_postprocessor') and isinstance(value, str):
        resolve_type(value, place)
    return value


def _type_of(cfg: Any, place: str) -> Any:
    if not isinstance(cfg, Mapping):
        raise ConfigError(f'{place}: {cfg!r:.60} is not a dict')
    if 'type' not in cfg:
        raise ConfigError(f'{place}.type: is missing{did_you_mean("type", cfg)}')
    return resolve_type(cfg['type'], f'{place}.type')


def _full_type(given: Any, made_of: Any) -> Any:
    """Return the dotted path; what has none, such as a partial, keeps the name it was given."""
    try:
        return type_path(made_of)
    except ConfigError:
        return given
