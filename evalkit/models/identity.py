"""Everything in a model's config that can change an answer; part of each answer's key."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalkit.config import resolve_type, type_path
from evalkit.models.adapters import alone
from evalkit.models.base import PLAN_KEYS, BaseModel
from evalkit.models.dtypes import take_dtype
from evalkit.models.fingerprint import folder_fingerprint

PATH_KEYS = frozenset({'path', 'tokenizer_path', 'peft_path', 'lora_path'})
COMMIT = re.compile('[0-9a-f]{40}')


def model_identity(model_cfg: Mapping[str, Any]) -> dict[str, Any]:
    """Return what identifies the answers of a model, as plain data; no engine is imported.

    That is its class and the arguments of its constructor, without those that only plan
    (`PLAN_KEYS`; prompts and sampling parameters are hashed with each request) or transport (the
    class's `TRANSPORT_KEYS`, where 'model_kwargs.device_map' names a nested one). A folder is its
    fingerprint, wherever it lies; a hub id has its revision, and the commit where it is cached.
    One of several adapters is the same model as if it were the only one.
    """
    model_cfg = alone(model_cfg)
    model_type = resolve_type(model_cfg['type'])
    transport = _transport_keys(model_type)
    arguments = {
        key: _argument(key, value, model_cfg, transport)
        for key, value in sorted(model_cfg.items())
        if key != 'type' and key not in PLAN_KEYS | transport
    }
    named = {key: value for key, value in arguments.items() if value not in (None, {}, [])}
    return {'type': type_path(model_type), **named}


def _transport_keys(model_type: Any) -> frozenset[str]:
    is_model = isinstance(model_type, type) and issubclass(model_type, BaseModel)
    return model_type.TRANSPORT_KEYS if is_model else BaseModel.TRANSPORT_KEYS


def _argument(key: str, value: Any, model_cfg: Mapping[str, Any], transport: frozenset[str]) -> Any:
    if key in PATH_KEYS and isinstance(value, str):
        return _weights(value, model_cfg)
    if not isinstance(value, Mapping):
        return _plain(value)
    dtype, rest = take_dtype(value)
    kept = {name: _plain(rest[name]) for name in sorted(rest) if f'{key}.{name}' not in transport}
    return {**kept, 'dtype': dtype} if dtype else kept


def _plain(value: Any) -> Any:
    """Return a config value as JSON knows it."""
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(str(item) for item in value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return type_path(value) if callable(value) else str(value)


def _weights(path: str, model_cfg: Mapping[str, Any]) -> dict[str, Any]:
    folder = Path(path).expanduser()
    if folder.is_dir():
        return {'fingerprint': folder_fingerprint(folder)}
    model_kwargs = model_cfg.get('model_kwargs') or {}
    revision = str(model_kwargs.get('revision') or 'main')
    commit = revision if COMMIT.fullmatch(revision) else _cached_commit(path, revision)
    return {'id': path, **({'commit': commit} if commit else {})}


def _cached_commit(hub_id: str, revision: str) -> str | None:
    """Return the commit that `revision` means in the local cache of the hub."""
    home = Path(os.environ.get('HF_HOME') or Path.home() / '.cache' / 'huggingface')
    cache = Path(os.environ.get('HF_HUB_CACHE') or home / 'hub')
    ref = cache / f'models--{hub_id.replace("/", "--")}' / 'refs' / revision
    return ref.read_text().strip() if ref.is_file() else None
