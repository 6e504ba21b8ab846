import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evalkit.store import safe_name

TEXT = st.text(st.characters(), max_size=200)


@pytest.mark.parametrize(
    'name', ['qwen2.5-7b-instruct-hf', 'ARC-c', 'mmlu_5shot', '中文', 'a+b=c,d@e']
)
def test_a_name_that_is_safe_stays(name: str) -> None:
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ('text', 'name'),
    [
        ('Qwen/Qwen2-7B', 'Qwen_Qwen2-7B-c131a59e'),
        ('a:b', 'a_b-6783a31e'),
        ('.hidden', '_hidden-16924190'),
        ('..', '__-5ec1f7e7'),
        ('', '_-e3b0c442'),
        ('a b', 'a_b-c8687a08'),
        ('a\x00\n', 'a__-4fda62f3'),
        ('a_b-12345678', 'a_b-12345678-54ff961c'),
        ('x' * 200, 'x' * 40 + '-aa20c23e'),
    ],
)
def test_any_other_name_gets_a_short_hash(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(TEXT)
@example('.')
@example('e\u0301')
def test_every_name_is_one_short_component(text: str) -> None:
    name = safe_name(text)
    assert 0 < len(f'{name}.json'.encode()) <= 255 - 80
    assert not set(name) & set('/\\:*?"<>|\x00\n ')
    assert not name.startswith('.')
    assert not name.endswith('.')


@given(TEXT, TEXT)
@example('a/b', 'a_b')
@example('a/b', safe_name('a/b'))
@example('e\u0301', '\xe9')
@example('a' * 130, 'a' * 131)
def test_two_texts_never_share_a_name(one: str, other: str) -> None:
    names = {unicodedata.normalize('NFC', safe_name(text)) for text in (one, other)}
    assert (len(names) == 1) == (one == other)


def test_a_name_can_be_created(tmp_path: Path) -> None:
    for text in ['\ud83d', '中' * 100, '../../etc/passwd', 'a' * 5000]:
        (tmp_path / safe_name(text)).mkdir()
