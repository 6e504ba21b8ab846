import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import StoreError, TaskError
from evalkit.store import PredictionWriter, read_predictions
from evalkit.store.records import decode_head, decode_record, encode_record, is_whole
from evalkit.types import Prediction, Usage
from tests.store.samples import a_failure, a_prediction, with_checksum

AWKWARD_TEXTS = {
    'line separator': 'a\u2028b\u2029c',
    'next line': 'a\x85b',
    'NUL': 'a\x00b\x00',
    'high surrogate': '\ud83d',
    'low surrogate': 'a\udc80b',
    'surrogates in the wrong order': '\ude00\ud83d',
    'line ends': '\r\n\n\r\v\f\x1c\x1d\x1e',
    'not a character': '\uffff\U0010ffff\ufeff',
    'a record': '"}\n{"key": "k", "index": 0, "repeat": 0, "error": null, "crc": "00000000"}\n',
    'quotes and backslashes': '\\" \\\\" \\n \\u2028',
    'blank': ' ',
    'nothing': '',
    '10 MB': 'ab\u00e9\n\U0001f600' * 2_000_000,
}


def joined(text: str) -> str:
    """Join surrogate pairs, which JSON does too."""
    return text.encode('utf-16', 'surrogatepass').decode('utf-16', 'surrogatepass')


TEXT = st.text(st.characters()).map(joined)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=8,
)
COUNT = st.integers(0, 10**12)
PREDICTION = st.builds(
    Prediction,
    index=st.integers(),
    key=TEXT,
    prompt=VALUE,
    output=TEXT,
    reference=VALUE,
    repeat=st.integers(),
    finish_reason=TEXT,
    usage=st.builds(Usage, COUNT, COUNT, COUNT, COUNT),
    seconds=st.floats(allow_nan=False),
    error=st.none() | TEXT,
    extra=st.dictionaries(TEXT, VALUE),
)


@given(PREDICTION)
def test_every_record_comes_back_exactly(prediction: Prediction) -> None:
    line = encode_record(prediction)
    assert is_whole(line)
    assert decode_record(line) == prediction


@given(PREDICTION)
def test_a_record_is_one_line_of_ascii_json(prediction: Prediction) -> None:
    line = encode_record(prediction)
    assert line.isascii()
    assert line.find(b'\n') == len(line) - 1
    assert json.loads(line)['key'] == prediction.key


@given(PREDICTION)
def test_the_head_of_a_record_agrees_with_the_whole(prediction: Prediction) -> None:
    assert decode_head(encode_record(prediction)) == (
        prediction.key,
        prediction.index,
        prediction.repeat,
        prediction.is_answer,
    )


@pytest.mark.parametrize('text', AWKWARD_TEXTS.values(), ids=AWKWARD_TEXTS.keys())
def test_awkward_texts_come_back_exactly_from_a_file(text: str, tmp_path: Path) -> None:
    path = tmp_path / 'all.jsonl'
    written = [
        a_prediction(0),
        a_prediction(1, output=text, prompt=text, reference=[text], extra={text: text}, key=text),
        a_failure(2),
    ]
    with PredictionWriter(path) as writer:
        for prediction in written:
            writer.append(prediction)
    assert list(read_predictions(path)) == written


def test_a_split_surrogate_pair_comes_back_as_its_character() -> None:
    halves = '\ud83d' + '\ude00'
    assert decode_record(encode_record(a_prediction(output=halves))).output == '\U0001f600'


def test_any_flipped_bit_is_seen() -> None:
    line = encode_record(a_prediction())
    for position in range(len(line)):
        for bit in range(8):
            damaged = bytearray(line)
            damaged[position] ^= 1 << bit
            assert not is_whole(bytes(damaged)), (position, bit)


def test_any_cut_is_seen() -> None:
    line = encode_record(a_prediction())
    assert not any(is_whole(line[:length]) for length in range(len(line)))


@pytest.mark.parametrize('value', [object(), b'bytes', {1, 2}, {(1, 2): 3}])
def test_a_value_that_json_cannot_hold_is_an_error_that_names_the_sample(value: Any) -> None:
    with pytest.raises(TaskError, match='sample 7 has a value that JSON cannot hold'):
        encode_record(a_prediction(7, reference=value))


def test_a_record_of_another_version_is_an_error_that_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / 'all.jsonl'
    line = encode_record(a_prediction(extra={}))
    path.write_bytes(line + with_checksum(line.replace(b'"seconds"', b'"minutes"')))
    with pytest.raises(StoreError, match=r'all.jsonl: line 2 was written by another version'):
        list(read_predictions(path))
