"""The tables in a terminal: as narrow as it is, and nothing left out."""

import pytest

from evalkit.cli.terminal import column_widths
from evalkit.summarizers.render import Table

TABLE = Table(
    'answers',
    ['model', 'answered', 'prompt tokens', 'output tokens'],
    [['llama-3-8b-instruct', '100/100', '3988', '17105'], ['模型', '7/7', '1', '2']],
    1,
)


def test_a_wide_terminal_breaks_nothing() -> None:
    assert column_widths(TABLE, 80) == [19, 8, 13, 13]


def test_headers_of_two_words_are_broken_before_any_word_is_cut() -> None:
    assert column_widths(TABLE, 45) == [19, 8, 6, 6]


@pytest.mark.parametrize('room', [44, 30, 12])
def test_a_table_is_never_wider_than_the_terminal(room: int) -> None:
    widths = column_widths(TABLE, room)
    assert sum(widths) + 2 * (len(widths) - 1) == room


def test_a_terminal_of_a_few_characters_still_has_every_column() -> None:
    assert column_widths(TABLE, 3) == [1, 1, 1, 1]


def test_a_chinese_name_takes_two_places_a_character() -> None:
    names = Table('names', ['model'], [['模型模型']], 1)
    assert column_widths(names, 80) == [8]
