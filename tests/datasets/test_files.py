from pathlib import Path

import pytest

from evalkit.datasets import CalcDataset, CustomDataset
from evalkit.datasets.files import find_data, read_rows
from evalkit.errors import ConfigError


def written(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_jsonl_file_has_a_row_a_line(tmp_path: Path) -> None:
    path = written(tmp_path / 'a.jsonl', '{"q": 1}\n\n  \n{"q": "x\u2028y\u0085"}\r\n{"q": null}')
    assert CustomDataset.load(str(path)) == [{'q': 1}, {'q': 'x\u2028y\u0085'}, {'q': None}]


def test_a_byte_order_mark_is_no_part_of_the_data(tmp_path: Path) -> None:
    bom = b'\xef\xbb\xbf'
    assert read_rows(written(tmp_path / 'a.jsonl', bom + b'{"q": 1}')) == [{'q': 1}]
    assert read_rows(written(tmp_path / 'a.json', bom + b'[{"q": 1}]')) == [{'q': 1}]
    assert read_rows(written(tmp_path / 'a.csv', bom + b'q\n1\n')) == [{'q': '1'}]


def test_a_bad_json_line_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / 'a.jsonl', '{"q": 1}\n{"q": \n')
    with pytest.raises(ConfigError) as caught:
        read_rows(path)
    assert str(caught.value).startswith(f'{path}, line 2: not JSON: Expecting value')


def test_a_line_that_is_no_object_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / 'a.jsonl', '{"q": 1}\n[1, 2]\n')
    with pytest.raises(ConfigError) as caught:
        read_rows(path)
    assert str(caught.value) == f'{path}, line 2: a row must be a JSON object, not list'


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = written(tmp_path / 'a.jsonl', b'{"q": 1}\n{"q": "\xff"}\n')
    with pytest.raises(ConfigError, match=r'line 2: not JSON: .* invalid start byte'):
        read_rows(path)


@pytest.mark.parametrize('content', ['{"q": 1}', '[1]', '"text"'])
def test_a_json_file_must_be_a_list_of_objects(tmp_path: Path, content: str) -> None:
    path = written(tmp_path / 'a.json', content)
    with pytest.raises(ConfigError) as caught:
        read_rows(path)
    assert str(caught.value) == f'{path}: must hold a list of JSON objects'


def test_a_csv_file_has_a_header(tmp_path: Path) -> None:
    path = written(tmp_path / 'a.csv', 'q,a\n"1, ""one""\nof two",2\n')
    assert read_rows(path) == [{'q': '1, "one"\nof two', 'a': '2'}]


def test_a_tsv_file_is_separated_by_tabs(tmp_path: Path) -> None:
    assert read_rows(written(tmp_path / 'a.tsv', 'q\ta\n1,5\t2\n')) == [{'q': '1,5', 'a': '2'}]


def test_a_long_cell_is_read(tmp_path: Path) -> None:
    cell = 'x' * 200_000
    assert read_rows(written(tmp_path / 'a.csv', f'q,a\n{cell},1\n')) == [{'q': cell, 'a': '1'}]


@pytest.mark.parametrize('line', ['1', '1,2,3'])
def test_a_csv_line_with_another_number_of_cells_is_named(tmp_path: Path, line: str) -> None:
    path = written(tmp_path / 'a.csv', f'q,a\n1,2\n{line}\n')
    with pytest.raises(ConfigError) as caught:
        read_rows(path)
    assert str(caught.value) == f'{path}, line 3: there are not as many cells as in the header'


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / 'a.parquet', '')
    with pytest.raises(ConfigError) as caught:
        read_rows(path)
    assert str(caught.value) == (
        f"{path}: rows are read from .jsonl, .json, .csv, .tsv, not '.parquet'"
    )


def test_a_folder_and_a_file_name_are_as_good_as_a_path(tmp_path: Path) -> None:
    written(tmp_path / 'a.jsonl', '{"q": 1}')
    assert CustomDataset.load(str(tmp_path), file_name='a.jsonl') == [{'q': 1}]


def test_data_that_is_nowhere_is_an_error_with_the_places_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('EVALKIT_DATA', str(tmp_path / 'mine'))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        find_data('./data/nothing/here.jsonl')
    root = Path(__file__).parents[2]
    assert str(caught.value) == (
        'there is no data at ./data/nothing/here.jsonl; looked at '
        f'{tmp_path}/data/nothing/here.jsonl, {tmp_path}/mine/data/nothing/here.jsonl, '
        f'{root}/data/nothing/here.jsonl, {tmp_path}/mine/nothing/here.jsonl, '
        f'{root}/nothing/here.jsonl (EVALKIT_DATA adds a place)'
    )


def test_data_is_found_from_the_folder_that_the_user_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / 'data/own/a.jsonl', '')
    monkeypatch.chdir(tmp_path)
    assert find_data('./data/own/a.jsonl') == Path('data/own/a.jsonl')


@pytest.mark.parametrize('place', ['data/own/a.jsonl', 'own/a.jsonl'])
def test_evalkit_data_is_the_folder_above_data_or_data_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    path = written(tmp_path / place, '')
    monkeypatch.setenv('EVALKIT_DATA', str(tmp_path))
    assert find_data('./data/own/a.jsonl') == path


def test_the_shipped_problems_are_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = CalcDataset.load()
    assert len(rows) == 100
    assert set(rows[0]) == {'question', 'answer'}
    assert all(row['answer'].lstrip('-').isdigit() for row in rows)


def test_an_instruction_stands_before_the_input_of_an_alpaca_row(tmp_path: Path) -> None:
    text = '[{"instruction": "Add.", "input": "1+1", "output": 2}, {"input": "x", "output": "y"}]'
    path = written(tmp_path / 'own.json', text)
    assert CalcDataset.load(str(path)) == [
        {'question': 'Add.\n1+1', 'answer': '2'},
        {'question': 'x', 'answer': 'y'},
    ]
