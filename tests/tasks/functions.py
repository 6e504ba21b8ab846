"""Postprocessors of the tests' own."""

import os
import re
import signal

from evalkit.errors import ConfigError


def append(text: str, mark: str) -> str:
    return f'{text}{mark}'


def whole_number(text: str) -> int:
    return int(text)


def as_set(text: str) -> set[str]:
    return {text}


def harm(text: str) -> str:
    """Do the harm that an output names."""
    if text == 'hang':
        re.match(r'(a+)+$', 'a' * 64 + 'b')
    if text == 'kill':
        os.kill(os.getpid(), signal.SIGKILL)
    if text == 'memory':
        bytearray(6 << 30)
    if text == 'unsendable':
        return lambda: text  # type: ignore[return-value]
    return text


def process_id(text: str) -> int:
    return os.getpid()


def missing_package(text: str) -> str:
    raise ConfigError('a package is missing')
