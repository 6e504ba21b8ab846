"""`--allow-unsafe-code`: the one way to run code that a model wrote without a sandbox."""

from collections.abc import Mapping
from inspect import isclass
from typing import Any

from evalkit.config import resolve_type
from evalkit.evaluators import CodeEvaluator


def with_unsafe_code(cfg: Mapping[str, Any]) -> dict[str, Any]:
    """Return a checked config whose evaluators of code may do without a sandbox."""
    changed = {key: told(value) if key == 'eval_cfg' else value for key, value in cfg.items()}
    for key in ('datasets', 'model_dataset_combinations'):
        if key in cfg:
            changed[key] = [
                with_unsafe_code(item) if isinstance(item, Mapping) else item for item in cfg[key]
            ]
    return changed


def told(value: Any) -> Any:
    """Return a part of an `eval_cfg` in which every evaluator of code has been told."""
    if isinstance(value, list | tuple):
        return type(value)(map(told, value))
    if not isinstance(value, Mapping):
        return value
    changed = {key: told(item) for key, item in value.items()}
    if 'type' in changed and runs_code(changed['type']):
        changed['allow_unsafe_code'] = True
    return changed


def runs_code(name: Any) -> bool:
    """Whether a type is an evaluator that runs code."""
    made_of = resolve_type(name)
    return isclass(made_of) and issubclass(made_of, CodeEvaluator)
