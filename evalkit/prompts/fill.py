"""Replace the columns of a row in a text, all of them in one pass."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from evalkit.errors import ConfigError


def fill(text: str, row: Mapping[str, Any], tokens: Mapping[str, str] | None = None) -> str:
    """Replace `{column}` by the row's value; braces that name no column stay as they are.

    What a value contains is never replaced again, so that a question with `{answer}` in it
    does not give the answer away. `tokens` maps further texts to the column that they stand for.
    """

    def value(match: re.Match[str]) -> str:
        found = match[0]
        column = match['column'] if not tokens or found not in tokens else tokens[found]
        return str(row[column]) if column in row else found

    return _pattern(tuple(tokens or ())).sub(value, text)


@cache
def _pattern(tokens: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(tokens, key=len, reverse=True)
    return re.compile('|'.join([*map(re.escape, longest_first), r'\{(?P<column>[^{}]+)\}']))


def tokens_by_text(column_token_map: Mapping[str, str] | None) -> dict[str, str]:
    """Turn `{column: token}` round; two columns may not share a token."""
    if column_token_map is None:
        return {}
    if not isinstance(column_token_map, Mapping) or not all(column_token_map.values()):
        raise ConfigError(f'column_token_map must be {{column: token}}, not {column_token_map!r}')
    tokens = {token: column for column, token in column_token_map.items()}
    if len(tokens) < len(column_token_map):
        raise ConfigError(f'column_token_map gives one token to two columns: {column_token_map!r}')
    return tokens
