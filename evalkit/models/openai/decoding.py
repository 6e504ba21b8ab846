"""JSON over the wire: as fast as orjson, and as tolerant as the standard library."""

import json
from typing import Any

import orjson


def decode_json(body: bytes) -> Any:
    """Return the decoded body, or None where it is no JSON.

    orjson refuses lone surrogates (`"\\ud800"`), which models do write.
    """
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(body)
    except ValueError:
        return None


def encode_json(value: Any) -> bytes:
    """Return the body of a request; lone surrogates are escaped."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value).encode()
