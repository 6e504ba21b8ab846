"""Predictions for the tests of the store."""

from pathlib import Path
from typing import Any
from zlib import crc32

from evalkit.types import Prediction, Usage


def a_prediction(index: int = 0, **fields: Any) -> Prediction:
    defaults: dict[str, Any] = {
        'key': f'key-{index}',
        'prompt': [{'role': 'user', 'content': f'What is {index} + 1?'}],
        'output': f'It is {index + 1}.',
        'reference': str(index + 1),
        'usage': Usage(prompt_tokens=9, output_tokens=4, cached_tokens=2),
        'seconds': 0.25,
    }
    return Prediction(index=index, **{**defaults, **fields})


def a_failure(index: int = 0, **fields: Any) -> Prediction:
    return a_prediction(index, output='', finish_reason='error', error='bad_request: no', **fields)


def a_long_prediction(index: int, length: int) -> Prediction:
    """Return the same prediction of about `length` bytes whenever it is asked for."""
    return a_prediction(index, output=f'{index},' * (length // len(f'{index},')))


def with_checksum(line: bytes) -> bytes:
    """Return a changed line with the checksum that it would have, had it been written so."""
    body = line[: -len(b', "crc": "00000000"}\n')]
    return body + b', "crc": "%08x"}\n' % crc32(body)


def flip_byte(path: Path, position: int) -> None:
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)
