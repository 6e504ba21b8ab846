"""`-a`: every model of a config, judges included, runs on another backend."""

from collections.abc import Callable, Mapping
from typing import Any

from evalkit.accelerate import ENGINE_KEYS, Served, accelerate, is_hugging_face
from evalkit.config import resolve_type
from evalkit.errors import ConfigError
from evalkit.models import BaseModel
from evalkit.tasks.schema import FREE_KEYS

Cfg = Mapping[str, Any]
Convert = Callable[[Cfg], dict[str, Any]]
FindServer = Callable[[Cfg], Served]


class Accelerator:
    """Converts the models of a config.

    `pairs` are those that changed, before and after; `left` are those that stay as they are.
    `find_server` tells where each model is served, if not all are at `api_base`; `engine_args` are
    arguments of the engine for all of them.
    """

    def __init__(
        self,
        backend: str,
        *,
        api_base: str | None = None,
        api_model: str | None = None,
        has_gpus: bool = False,
        find_server: FindServer | None = None,
        engine_args: Mapping[str, Any] | None = None,
    ) -> None:
        self.backend = backend
        self.api_base = api_base
        self.api_model = api_model
        self.find_server = find_server
        self.engine_args = engine_args
        self.has_gpus = has_gpus and backend != 'openai'
        self.pairs: list[tuple[Cfg, dict[str, Any]]] = []
        self.left: list[Cfg] = []

    def __call__(self, model: Cfg) -> dict[str, Any]:
        """Return the converted config of one model."""
        served = self._served(model)
        after = accelerate(
            self._with_gpu(model),
            self.backend,
            api_base=served.api_base,
            api_model=served.api_model,
            served_by=served.served_by,
            engine_args=self.engine_args,
        )
        if not is_hugging_face(model):
            self.left += [model] if model not in self.left else []
        elif (model, after) not in self.pairs:
            self.pairs.append((model, after))
        return after

    def convert(self, cfg: Cfg) -> dict[str, Any]:
        """Return a checked config with all its models converted."""
        changed = convert_config(cfg, self)
        self.check_one_model()
        if self.engine_args and not self.pairs:
            raise ConfigError(
                f'--engine-args: -a {self.backend} converts no model of this config; a model of '
                f'the engine itself has {ENGINE_KEYS[self.backend]} in its config'
            )
        return changed

    def _served(self, model: Cfg) -> Served:
        if self.find_server is None or not is_hugging_face(model):
            return Served(self.api_base, self.api_model)
        return self.find_server(model)

    def _with_gpu(self, model: Cfg) -> Cfg:
        """Give a model without GPUs one, where there are any: engines built for GPUs need it."""
        run_cfg = model.get('run_cfg') or {}
        if not self.has_gpus or not is_hugging_face(model) or run_cfg.get('num_gpus'):
            return model
        return {**model, 'run_cfg': {**run_cfg, 'num_gpus': 1}}

    def check_one_model(self) -> None:
        """Refuse to call several models by the name of one, judges above all."""
        if self.api_model is not None and len(self.pairs) > 1:
            names = ', '.join(str(before['abbr']) for before, _ in self.pairs)
            raise ConfigError(
                f'--api-model names one model, but the config has {len(self.pairs)}: {names}; '
                'choose one with --abbr, or serve each under its path and leave --api-model out'
            )


def convert_config(cfg: Cfg, convert: Convert) -> dict[str, Any]:
    """Return a checked config with `convert` applied to its models and judges."""
    changed = dict(cfg)
    names = {model['abbr']: convert(model)['abbr'] for model in cfg['models']}
    for key in ('models', 'judge_models'):
        if key in cfg:
            changed[key] = [convert(model) for model in cfg[key]]
    changed['datasets'] = [convert_judges(dataset, convert) for dataset in cfg['datasets']]
    if 'model_dataset_combinations' in cfg:
        changed['model_dataset_combinations'] = [
            {
                'models': [convert_entry(model, names, convert) for model in entry['models']],
                'datasets': [convert_judges(dataset, convert) for dataset in entry['datasets']],
            }
            for entry in cfg['model_dataset_combinations']
        ]
    return changed


def convert_entry(model: Cfg | str, names: Mapping[str, str], convert: Convert) -> Any:
    """Return a model of a combination, which may be named by its abbr."""
    return names.get(model, model) if isinstance(model, str) else convert(model)


def convert_judges(dataset: Cfg | str, convert: Convert) -> Any:
    """Return a dataset with the judges in its `eval_cfg` converted; it may be named by its abbr."""
    if isinstance(dataset, str) or 'eval_cfg' not in dataset:
        return dataset
    return {**dataset, 'eval_cfg': convert_inside(dataset['eval_cfg'], convert)}


def convert_inside(value: Any, convert: Convert) -> Any:
    """Return `value` with every model config in it converted."""
    if isinstance(value, Mapping):
        if is_model(value):
            return convert(value)
        return {
            key: item if key in FREE_KEYS else convert_inside(item, convert)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return type(value)(convert_inside(item, convert) for item in value)
    return value


def is_model(value: Cfg) -> bool:
    """Tell whether a dict is the config of a model."""
    made_of = resolve_type(value['type']) if 'type' in value else None
    return isinstance(made_of, type) and issubclass(made_of, BaseModel)
