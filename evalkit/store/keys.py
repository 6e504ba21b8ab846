"""The identity of an answer is the content of its question."""

import json
from collections.abc import Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from evalkit.errors import ConfigError

KEY_LENGTH = 32

# Escapes make every text hashable, a lone surrogate too.
_encode = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(',', ':')).encode


def content_hash(value: Any) -> str:
    """Return 32 hex digits that are the same for equal content, in every process and release.

    `value` is made of mappings, sequences, sets, dataclasses, paths, texts, numbers and None;
    the order of keys does not count, and 1.0 is 1. Anything else is a ConfigError.
    """
    return _digest(_canonical_text(value))


def answer_key(model_identity: str, prompt: Any, params: Any, repeat: int) -> str:
    """Return the key of one answer: 32 hex digits.

    `model_identity` is a `content_hash` made once for a model; `prompt` is text, messages or token
    ids as sent; `params` is a dataclass or a mapping with every sampling field, the seed included.
    How the question travels (address, timeouts, retries) must not be in any of them.
    """
    return _digest(_encode([model_identity, prompt, _params_text(params), repeat]))


def _digest(text: str) -> str:
    return sha256(text.encode('ascii')).hexdigest()[:KEY_LENGTH]


def _params_text(params: Any) -> str:
    # A run asks 100,000 questions with a handful of params.
    try:
        return _cached_text(params)
    except TypeError:
        return _canonical_text(params)


def _canonical_text(value: Any) -> str:
    return _encode(_canonical(value))


@lru_cache(maxsize=1024)
def _cached_text(params: Hashable) -> str:
    return _canonical_text(params)


def _canonical(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, PurePath):
        return str(value)
    return _canonical_collection(value)


def _canonical_collection(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(_canonical_text(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _canonical(getattr(value, field.name)) for field in fields(value)}
    kind = type(value).__qualname__
    raise ConfigError(f'{value!r} is a {kind}, which has no stable hash; use plain data instead')
