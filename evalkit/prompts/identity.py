"""The version of a dataset's prompts, as the summary shows it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from evalkit.config import resolve_type, type_path

PROMPT_KEYS = ('ice_template', 'prompt_template', 'retriever')
INFERENCER_KEYS = ('type', 'labels', 'max_seq_len', 'infer_mode', 'single_token')


def prompt_hash(infer_cfg: Mapping[str, Any]) -> str:
    """Return six hex digits that change with whatever in `infer_cfg` changes a prompt.

    A `type` counts by its dotted path, so that a class, its path and its OpenCompass path are one.
    """
    inferencer = infer_cfg.get('inferencer') or {}
    parts = {
        **{key: infer_cfg[key] for key in PROMPT_KEYS if infer_cfg.get(key)},
        'inferencer': {key: inferencer[key] for key in INFERENCER_KEYS if key in inferencer},
    }
    text = json.dumps(canonical(parts), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def canonical(value: Any) -> Any:
    """Return JSON data in which the keys of dicts are texts and types are dotted paths."""
    if isinstance(value, Mapping):
        return {
            key if isinstance(key, str) else json.dumps(key): (
                type_path(resolve_type(item)) if key == 'type' else canonical(item)
            )
            for key, item in value.items()
        }
    if isinstance(value, list | tuple | range):
        return [canonical(item) for item in value]
    return type_path(value) if callable(value) else value
