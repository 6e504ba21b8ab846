"""The answer in a JSON object that a model has written, well or badly."""

import json
import re
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from evalkit.postprocessors.numbers import number

STRAY_BACKSLASH = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)')
"""A backslash with what makes it a JSON escape, or, without a group, one of LaTeX and the like."""

LOOSE_FIELD = r"""
[{{,\s｛，] (?:"|'|“) {field} (?:"|'|”) \s* [:：] \s*
(?P<value>
    "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*'
  | [^\s"',{{}}\[\]] [^"'\n,{{}}\[\]]*? (?:,\d{{3}}(?!\d))* )
(?= \s* (?: [,}}\]\n｝，] | // | \# ) )"""
"""A field in an object that is none to a parser. What ends it must stand there, or the output may
have been cut in the middle of a number."""

DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)
"""Keeps numbers as they were written, and takes line ends inside texts."""


def json_field(text: str, field: str = 'infer') -> str:
    """Return the value of `field` in the last JSON object that has it, or ''.

    The object may stand in a fence or in prose, and inside another. One that no parser takes, for
    instance because of quotes inside a text, is searched for the field alone. Numbers come back
    canonical (see `number`).
    """
    text = STRAY_BACKSLASH.sub(lambda match: match[0] if match[1] else r'\\', text)
    objects = list(decoded_objects(text))
    found = [(end, value) for _, end, each in objects for value in values_of(each, field)]
    spans = [range(start, end) for start, end, _ in objects]
    for match in re.finditer(LOOSE_FIELD.format(field=re.escape(field)), text, re.VERBOSE):
        if not any(match.start() in span for span in spans):
            found.append((match.start(), plain_value(match['value'])))
    return sorted(found, key=itemgetter(0))[-1][1] if found else ''


def decoded_objects(text: str) -> Iterator[tuple[int, int, Any]]:
    """Yield each well-formed object with its start and end; the outermost, from the left."""
    start = text.find('{')
    while start >= 0:
        end = start + 1
        try:
            value, end = DECODER.raw_decode(text, start)
            yield start, end, value
        except (ValueError, RecursionError):
            pass
        start = text.find('{', end)


def values_of(value: Any, field: str) -> Iterator[str]:
    """Yield the values of a field in an object and in what it holds, in their order."""
    if isinstance(value, list):
        for item in value:
            yield from values_of(item, field)
    if isinstance(value, dict):
        for key, item in value.items():
            if key == field:
                yield written(item)
            else:
                yield from values_of(item, field)


def written(value: Any) -> str:
    """Return a value as an answer: null is none."""
    if value is None:
        return ''
    return number(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def plain_value(text: str) -> str:
    """Return a value without its quotes."""
    return written(None if text == 'null' else text.strip().strip('"\''))
