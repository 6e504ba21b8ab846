"""How the values of flags are read."""

import argparse
import ast
from collections.abc import Sequence
from typing import Any


class KeyValues(argparse.Action):
    """Reads `key=value ...`; a value that is a Python literal is one, any other is a text."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Add the pairs to those given before."""
        found = dict(getattr(namespace, self.dest) or {})
        for item in values or ():
            key, equals, text = item.partition('=')
            if not equals:
                parser.error(f'{option_string} takes key=value, not {item!r}')
            found[key] = literal(text)
        setattr(namespace, self.dest, found)


def literal(text: str) -> Any:
    """Return the Python value that `text` spells, or the text itself."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def positive(text: str) -> int:
    """Read a number of at least 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f'{text!r} is not a positive number')
    return int(text)


def is_true(text: str) -> bool:
    """Read a yes or no, as OpenCompass spells it."""
    answers = {'true': True, '1': True, 'yes': True, 'false': False, '0': False, 'no': False}
    if text.lower() not in answers:
        raise argparse.ArgumentTypeError(f'{text!r} is neither true nor false')
    return answers[text.lower()]
