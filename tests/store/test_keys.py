import subprocess
import sys
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import ConfigError
from evalkit.store import answer_key, content_hash
from evalkit.types import GenerationParams

IDENTITY = content_hash({'path': 'models/calc', 'dtype': 'float32'})
PARAMS = GenerationParams(max_out_len=16, stop=('\n',))
PROMPT = [{'role': 'user', 'content': 'What is 1 + 1?'}]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()), inner),
)


def test_a_key_never_changes_from_one_release_to_the_next() -> None:
    assert content_hash({'b': 1, 'a': ['é', None]}) == 'c058985c30cc74b99f425efba4d832db'
    assert answer_key('model', 'prompt', {'seed': 1}, 0) == '3b641223b548e9e064d18a504846dc19'


def test_a_key_is_the_same_in_another_process() -> None:
    code = (
        f'from evalkit.store import content_hash; print(content_hash({{"x", "y", {IDENTITY!r}}}))'
    )
    other = subprocess.check_output([sys.executable, '-c', code], text=True)
    assert other.strip() == content_hash({'x', 'y', IDENTITY})


def test_the_order_of_keys_and_the_kind_of_sequence_and_mapping_do_not_count() -> None:
    assert content_hash({'a': 1, 'b': (2, 3)}) == content_hash({'b': [2, 3], 'a': 1})
    assert content_hash(PARAMS) == content_hash(asdict(PARAMS))
    assert content_hash({3, 1, 2}) == content_hash({2, 3, 1})
    assert content_hash(Path('a/b')) == content_hash('a/b')


def test_a_whole_number_is_the_same_as_int_and_as_float() -> None:
    assert content_hash({'temperature': 0}) == content_hash({'temperature': 0.0})
    assert content_hash(0.5) != content_hash(0)
    cold = replace(PARAMS, temperature=0)
    assert answer_key(IDENTITY, PROMPT, cold, 0) == answer_key(IDENTITY, PROMPT, PARAMS, 0)


def test_a_lone_surrogate_can_be_hashed() -> None:
    assert content_hash('\ud83d') != content_hash('\ude00')
    assert answer_key(IDENTITY, 'a\udc80', PARAMS, 0) != answer_key(IDENTITY, 'a', PARAMS, 0)


def test_a_value_without_stable_content_is_an_error_that_names_it() -> None:
    with pytest.raises(ConfigError, match='is a object, which has no stable hash'):
        content_hash({'model': object()})


@pytest.mark.parametrize('field', [field.name for field in fields(GenerationParams)])
def test_every_sampling_field_is_part_of_the_key(field: str) -> None:
    other: Any = 99
    changed = replace(PARAMS, **{field: other})
    assert answer_key(IDENTITY, PROMPT, changed, 0) != answer_key(IDENTITY, PROMPT, PARAMS, 0)


def test_the_model_the_prompt_and_the_repeat_are_part_of_the_key() -> None:
    keys = {
        answer_key(IDENTITY, PROMPT, PARAMS, 0),
        answer_key(content_hash({'path': 'models/other'}), PROMPT, PARAMS, 0),
        answer_key(IDENTITY, 'What is 1 + 1?', PARAMS, 0),
        answer_key(IDENTITY, [{'role': 'user', 'content': 'What is 1 + 1? '}], PARAMS, 0),
        answer_key(IDENTITY, [1, 15, 16], PARAMS, 0),
        answer_key(IDENTITY, PROMPT, PARAMS, 1),
    }
    assert len(keys) == 6
    assert all(len(key) == 32 and int(key, 16) >= 0 for key in keys)


def test_params_may_be_a_mapping_or_hold_a_list() -> None:
    expected = answer_key(IDENTITY, PROMPT, PARAMS, 0)
    assert answer_key(IDENTITY, PROMPT, asdict(PARAMS), 0) == expected
    with_list: Any = ['\n']
    assert answer_key(IDENTITY, PROMPT, replace(PARAMS, stop=with_list), 0) == expected


@given(JSON, JSON)
def test_equal_hashes_mean_equal_content(one: Any, other: Any) -> None:
    is_same = canonical(one) == canonical(other)
    assert (content_hash(one) == content_hash(other)) == is_same


def canonical(value: Any) -> str:
    """Distinguishes True from 1, which Python does not; joins surrogates as JSON does."""
    if isinstance(value, dict):
        items = {join_surrogates(key): canonical(item) for key, item in value.items()}
        return f'{{{sorted(items.items())}}}'
    if isinstance(value, list):
        return f'[{[canonical(item) for item in value]}]'
    return repr(join_surrogates(value) if isinstance(value, str) else value)


def join_surrogates(text: str) -> str:
    return text.encode('utf-16', 'surrogatepass').decode('utf-16', 'surrogatepass')
