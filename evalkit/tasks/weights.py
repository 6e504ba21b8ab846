"""Finds folders of weights that are not there before anything is started."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evalkit.config import resolve_type
from evalkit.errors import ConfigError
from evalkit.models import HuggingFaceBaseModel
from evalkit.models.engine import EngineModel
from evalkit.models.identity import PATH_KEYS


def check_weights(model_cfg: Mapping[str, Any]) -> None:
    """Raise `ConfigError` if a model that is loaded here names a folder that does not exist.

    A hub id is none, and neither is what a service calls its model.
    """
    for key, path in weights_of(model_cfg):
        if is_path(path) and not Path(path).expanduser().exists():
            raise ConfigError(
                f'model {model_cfg.get("abbr", "")}: {key}: there is no {path}; '
                'give the folder of the weights, or an id of the hub (name/model)'
            )


def check_judge_weights(cfg: Any) -> None:
    """Check every judge in the scoring of a dataset."""
    if isinstance(cfg, Mapping):
        if isinstance(cfg.get('judge_cfg'), Mapping) and 'type' in cfg['judge_cfg']:
            check_weights(cfg['judge_cfg'])
        for value in cfg.values():
            check_judge_weights(value)


def weights_of(model_cfg: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the keys and paths of what a model loads; nothing if it is a service."""
    made_of = resolve_type(model_cfg['type'])
    if not (isinstance(made_of, type) and issubclass(made_of, HuggingFaceBaseModel | EngineModel)):
        return
    adapters = model_cfg.get('adapters')
    named = adapters.items() if isinstance(adapters, Mapping) else ()
    given = {
        **{key: model_cfg.get(key) for key in sorted(PATH_KEYS)},
        **{f'adapters.{name}': path for name, path in named},
    }
    for key, path in given.items():
        if isinstance(path, str):
            yield key, path


def is_path(text: str) -> bool:
    """Whether a text can only be the path of a file or folder, and no `name/model` of the hub."""
    if '://' in text:  # weights that an engine streams from elsewhere
        return False
    return text.startswith(('.', '/', '~')) or text.strip('/').count('/') > 1 or text.endswith('/')
