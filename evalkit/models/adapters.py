"""Several LoRA adapters of one base model: a model each, all on one loaded engine.

A config says `adapters=dict(name=path, ...)`. It becomes the config of the base model and one of
each adapter, which differ in their names and `adapter` alone, so that who loads one can answer for
all.
"""

from collections.abc import Mapping
from typing import Any

from evalkit.config import did_you_mean, resolve_type
from evalkit.errors import ConfigError
from evalkit.models.base import PLAN_KEYS

ENDS = ('-hf', '_hf', '-vllm', '-sglang', '-lmdeploy')
"""How the abbr of a model ends that says on what it runs; names of adapters stand in front."""

Cfg = Mapping[str, Any]


def check_adapters(model_cfg: Cfg, place: str) -> None:
    """Refuse adapters that cannot be told apart, or found."""
    adapters, chosen = model_cfg.get('adapters'), model_cfg.get('adapter')
    if adapters is None:
        if chosen is not None:
            raise ConfigError(f'{place}.adapter: {chosen!r} is one of `adapters`, which is missing')
        return
    if not adapters or not all(isinstance(path, str) for path in adapters.values()):
        raise ConfigError(f'{place}.adapters: {adapters!r:.60} must be dict(name=path, ...)')
    for key in ('peft_path', 'lora_path'):
        if model_cfg.get(key):
            raise ConfigError(f'{place}.{key}: the model has adapters, too: put it among them')
    if chosen is not None and chosen not in adapters:
        known = f'; it has {", ".join(adapters)}'
        hint = did_you_mean(chosen, adapters, otherwise=known)
        raise ConfigError(f'{place}.adapter: there is no adapter {chosen!r}{hint}')


def with_adapters(model_cfg: Cfg) -> list[dict[str, Any]]:
    """Return the config of the base model and of each adapter; that of another model alone."""
    if not model_cfg.get('adapters') or 'adapter' in model_cfg:
        return [dict(model_cfg)]
    abbr = model_cfg.get('abbr') or str(model_cfg['path']).strip('/').replace('/', '_')
    names = {'abbr': abbr, 'summarizer_abbr': model_cfg.get('summarizer_abbr')}
    given = {key: str(value) for key, value in names.items() if value}
    adapted = [
        {**model_cfg, **{key: adapted_abbr(given[key], name) for key in given}, 'adapter': name}
        for name in model_cfg['adapters']
    ]
    return [{**model_cfg, 'adapter': None}, *adapted]


def adapted_abbr(abbr: str, name: str) -> str:
    """Return `x-name-hf` for `x-hf`, and `x-name` for any other `x`."""
    end = next((end for end in ENDS if abbr.endswith(end)), '')
    return f'{abbr.removesuffix(end)}-{name}{end}'


def alone(model_cfg: Cfg) -> dict[str, Any]:
    """Return the config of a model as if its adapter were the only one."""
    rest = {key: value for key, value in model_cfg.items() if key not in ('adapters', 'adapter')}
    if not model_cfg.get('adapter'):
        return rest
    key = resolve_type(model_cfg['type']).ADAPTER_KEY
    return {**rest, key: model_cfg['adapters'][model_cfg['adapter']]}


def shares_engine(one: Cfg, other: Cfg) -> bool:
    """Whether two models are adapters of one base model, loaded in the same way and place."""
    return bool(one.get('adapters')) and loaded(one) == loaded(other)


def loaded(model_cfg: Cfg) -> dict[str, Any]:
    """Return what of a config decides how its engine is loaded, and where."""
    return {key: model_cfg[key] for key in model_cfg if key not in PLAN_KEYS or key == 'run_cfg'}
