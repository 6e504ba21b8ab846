"""A result file: fields that a person reads, and at its end the details, one sample a line.

The details may be a hundred times as large as the rest, which can be read without them.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from evalkit.store.disk import disk_errors
from evalkit.store.files import parse_json, write_atomic

BEGIN = b',\n "details": ['
END = b'\n ]\n}\n'


def write_result(
    path: Path, fields: Mapping[str, Any], details: Iterable[Mapping[str, Any]] | None = None
) -> None:
    """Replace `path` by a result as ASCII JSON, atomically; without `details` it has none."""
    head = json.dumps(fields, indent=1).encode()
    if details is None:
        write_atomic(path, head + b'\n')
        return
    lines = b','.join(b'\n  ' + encode_ascii(detail) for detail in details)
    write_atomic(path, head.removesuffix(b'\n}') + BEGIN + lines + END)


def read_result(path: Path) -> dict[str, Any]:
    """Return the fields of a result without its details."""
    with disk_errors('read', path):
        data = path.read_bytes()
    head, mark, _ = data.partition(BEGIN)
    if mark and data.endswith(END):
        data = head + b'\n}'
    fields: dict[str, Any] = parse_json(path, data)
    return {key: fields[key] for key in fields if key != 'details'}


def encode_ascii(value: Any) -> bytes:
    """Return a value as JSON in a line, which no reader cuts at a foreign line break.

    orjson knows no escapes, lone surrogates nor integers of more than 64 bits.
    """
    try:
        data = orjson.dumps(value)
    except TypeError:
        return json.dumps(value).encode()
    return data if data.isascii() else json.dumps(value).encode()
