import json
from pathlib import Path

import pytest

from evalkit.errors import StoreError
from evalkit.store import read_result, write_json, write_result

FIELDS = {'dataset': 'sums', 'metrics': {'accuracy': {'value': 50.0}}}
DETAILS = [
    {'index': 0, 'output': 'vier\u2028\ud83d', 'answer': 2**70},
    {'index': 1, 'output': ',\n "details": [', 'answer': None},
]


@pytest.mark.parametrize('details', [DETAILS, []])
def test_a_result_is_json_with_its_details_last(tmp_path: Path, details: list[object]) -> None:
    path = tmp_path / 'sums.json'
    write_result(path, FIELDS, iter(details))  # type: ignore[arg-type]
    assert json.loads(path.read_text()) == {**FIELDS, 'details': details}
    assert path.read_bytes().isascii()


def test_each_sample_of_a_result_is_a_line(tmp_path: Path) -> None:
    path = tmp_path / 'sums.json'
    write_result(path, FIELDS, DETAILS)
    lines = [line.strip().rstrip(',') for line in path.read_text().splitlines()]
    assert [json.loads(line) for line in lines if line.startswith('{"index"')] == DETAILS


@pytest.mark.parametrize('details', [DETAILS, [], None])
def test_the_fields_of_a_result_are_read_alone(
    tmp_path: Path, details: list[dict[str, object]] | None
) -> None:
    path = tmp_path / 'sums.json'
    write_result(path, FIELDS, details)
    assert read_result(path) == FIELDS


def test_fields_that_stand_after_the_details_are_read(tmp_path: Path) -> None:
    path = tmp_path / 'sums.json'
    write_json(path, {**FIELDS, 'details': DETAILS, 'judged': {'total': 2}})
    assert read_result(path) == {**FIELDS, 'judged': {'total': 2}}
    write_json(path, {'details': DETAILS, 'judged': [[1]]})
    assert read_result(path) == {'judged': [[1]]}


def test_a_result_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / 'sums.json').write_text('{')
    with pytest.raises(StoreError, match=r'sums\.json is not JSON'):
        read_result(tmp_path / 'sums.json')
