"""A prediction as one line of ASCII JSON that ends in a checksum.

    {"key": "0a1b", "index": 7, "repeat": 0, "error": null, ..., "crc": "89abcdef"}

The first four fields stand in this order, so that a resume reads them without parsing the rest.
The checksum is the crc32 of all bytes before `, "crc"`.
"""

import json
import re
from typing import Any, NamedTuple
from zlib import crc32

from evalkit.errors import TaskError
from evalkit.types import Prediction, Usage

_TAIL = b', "crc": "%08x"}\n'
_TAIL_LENGTH = len(_TAIL % 0)
_HEAD = re.compile(
    rb'\{"key": "([^"\\]*(?:\\.[^"\\]*)*)", "index": (-?\d+), "repeat": (-?\d+), "error": (null|")'
)

_encode = json.JSONEncoder(ensure_ascii=True).encode


class RecordHead(NamedTuple):
    """What a resume needs to know of a record."""

    key: str
    sample_index: int
    repeat: int
    is_answer: bool


def encode_record(prediction: Prediction) -> bytes:
    """Return the line of a prediction; TaskError if JSON cannot hold one of its values.

    Tuples come back as lists, keys of mappings as texts, and a surrogate pair as its character.
    """
    try:
        text = _encode(_fields(prediction))
    except (TypeError, ValueError, RecursionError) as error:
        raise TaskError(
            f'sample {prediction.index} has a value that JSON cannot hold ({error}); '
            f'let the dataset convert it to texts, numbers, lists and mappings'
        ) from error
    body = text[:-1].encode('ascii')
    return body + _TAIL % crc32(body)


def is_whole(line: bytes) -> bool:
    """Return whether a line, with its line feed, is as it was written."""
    body = memoryview(line)[:-_TAIL_LENGTH]
    return line[-_TAIL_LENGTH:] == _TAIL % crc32(body)


def decode_record(line: bytes) -> Prediction:
    """Return the prediction of a whole line; ValueError or TypeError if it is not one."""
    fields = json.loads(line.decode('ascii'))
    del fields['crc']
    return Prediction(**{**fields, 'usage': Usage(**fields['usage'])})


def decode_head(line: bytes) -> RecordHead:
    """Return the first fields of a whole line; ValueError if they are not there."""
    match = _HEAD.match(line)
    if match is None:
        raise ValueError('the line does not begin like a record')
    key, index, repeat, error = match.groups()
    text = json.loads(b'"%b"' % key) if b'\\' in key else key.decode('ascii')
    return RecordHead(text, int(index), int(repeat), error == b'null')


def _fields(prediction: Prediction) -> dict[str, Any]:
    usage = prediction.usage
    return {
        'key': prediction.key,
        'index': prediction.index,
        'repeat': prediction.repeat,
        'error': prediction.error,
        'finish_reason': prediction.finish_reason,
        'output': prediction.output,
        'prompt': prediction.prompt,
        'reference': prediction.reference,
        'usage': {
            'prompt_tokens': usage.prompt_tokens,
            'output_tokens': usage.output_tokens,
            'cached_tokens': usage.cached_tokens,
            **({'cut_tokens': usage.cut_tokens} if usage.cut_tokens else {}),
        },
        'seconds': prediction.seconds,
        'extra': dict(prediction.extra),
    }
