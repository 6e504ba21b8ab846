import json
from importlib import import_module
from pathlib import Path

import pytest

from evalkit.datasets import LlamaFactoryDataset
from evalkit.errors import ConfigError
from tests.datasets.llama_factory.registries import asked, load_rows, write_registry

ROWS = [{'instruction': str(number), 'input': '', 'output': 'a'} for number in range(6)]


def test_the_shipped_problems_are_a_dataset_of_llama_factory() -> None:
    rows = LlamaFactoryDataset.load('calculate', 'data')
    assert len(rows) == 100
    assert rows[0]['label'] == '5'
    assert '45 - 24 - 16' in rows[0]['messages'][0]['content']


def test_several_names_stand_in_one_list_and_max_samples_limits_each(tmp_path: Path) -> None:
    write_registry(tmp_path, one={'file_name': 'one.jsonl'}, two={'file_name': 'two.csv'})
    lines = '\n'.join(map(json.dumps, ROWS))
    (tmp_path / 'one.jsonl').write_text(lines)
    (tmp_path / 'two.csv').write_text('instruction,input,output\nx,,a\ny,,b\nz,,c\n')
    rows = LlamaFactoryDataset.load('one, two', str(tmp_path), max_samples=2)
    assert asked(rows) == ['0', '1', 'x', 'y']
    assert [row['dataset'] for row in rows] == ['one', 'one', 'two', 'two']


def test_a_folder_holds_files_of_one_type(tmp_path: Path) -> None:
    write_registry(tmp_path, mine={'file_name': 'parts'})
    (tmp_path / 'parts').mkdir()
    for name, rows in (('b.json', ROWS[3:]), ('a.json', ROWS[:3])):
        (tmp_path / 'parts' / name).write_text(json.dumps(rows))
    assert asked(LlamaFactoryDataset.load('mine', str(tmp_path))) == list('012345')
    (tmp_path / 'parts' / 'c.csv').write_text('instruction\n')
    with pytest.raises(ConfigError, match=r'must hold files of one type, but has .csv, .json'):
        LlamaFactoryDataset.load('mine', str(tmp_path))


def test_a_json_file_may_have_an_object_a_line(tmp_path: Path) -> None:
    write_registry(tmp_path, mine={'file_name': 'mine.json'})
    (tmp_path / 'mine.json').write_text('\n'.join(map(json.dumps, ROWS)))
    assert len(LlamaFactoryDataset.load('mine', str(tmp_path))) == 6


def test_tables_of_arrow_and_parquet_are_read(tmp_path: Path) -> None:
    datasets = import_module('datasets')

    table = datasets.Dataset.from_list(ROWS)
    table.to_parquet(tmp_path / 'mine.parquet')
    table.save_to_disk(tmp_path / 'saved')
    [arrow] = (tmp_path / 'saved').glob('*.arrow')
    arrow.rename(tmp_path / 'mine.arrow')
    for name in ('mine.parquet', 'mine.arrow'):
        write_registry(tmp_path, mine={'file_name': name})
        assert asked(LlamaFactoryDataset.load('mine', str(tmp_path))) == list('012345')


def test_a_text_file_has_a_row_a_line(tmp_path: Path) -> None:
    write_registry(tmp_path, mine={'file_name': 'mine.txt', 'columns': {'prompt': 'text'}})
    (tmp_path / 'mine.txt').write_text('one\ntwo\n')
    assert asked(LlamaFactoryDataset.load('mine', str(tmp_path))) == ['one', 'two']


def test_num_samples_are_the_same_every_time(tmp_path: Path) -> None:
    first = asked(load_rows(tmp_path, ROWS, num_samples=3))
    assert first == asked(load_rows(tmp_path, ROWS, num_samples=3))
    assert len(set(first)) == 3


def test_more_num_samples_than_there_are_rows_take_each_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert sorted(asked(load_rows(tmp_path, ROWS, num_samples=9))) == list('012345')
    assert 'num_samples is 9, but there are 6 rows: all are taken' in caplog.text


def test_the_first_source_that_is_given_counts(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='ms_hub_url cannot be read: give a file_name'):
        load_rows(tmp_path, ROWS, ms_hub_url='x/y')


@pytest.mark.parametrize(
    ('entry', 'message'),
    [
        ({'file_nam': 'a'}, "there is no 'file_nam'; did you mean file_name?"),
        ({'columns': {'promt': 'a'}}, "columns: there is no 'promt'; did you mean prompt?"),
        ({'tags': {'role': 'a'}}, "tags: there is no 'role'"),
        ({'columns': {'images': 'a'}}, 'columns.images: evalkit asks with texts only'),
        ({'formatting': 'sharegtp'}, "there is no formatting 'sharegtp'; did you mean sharegpt?"),
        ({'ranking': True}, 'it ranks answers'),
        ({'file_name': None}, 'it names no source: give a file_name'),
    ],
)
def test_an_entry_that_is_wrong_is_named(
    tmp_path: Path, entry: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load_rows(tmp_path, ROWS, **entry)
    assert f'{tmp_path}/dataset_info.json, mine' in str(caught.value)
    assert message in str(caught.value)


def test_an_unknown_name_has_its_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="has no dataset 'calculat'; did you mean calculate"):
        LlamaFactoryDataset.load('calculat', 'data')


def test_a_folder_without_a_registry_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r'dataset_info\.json'):
        LlamaFactoryDataset.load('calculate', str(tmp_path))
