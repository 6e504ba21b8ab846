import stat
from pathlib import Path

import pytest

from evalkit.errors import StoreError
from evalkit.store import read_json, write_atomic, write_json


def test_text_and_bytes_replace_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / 'new' / 'summary.txt'
    write_atomic(path, 'é\n')
    assert path.read_bytes() == b'\xc3\xa9\n'
    write_atomic(path, b'\x00\xff')
    assert path.read_bytes() == b'\x00\xff'
    assert list(path.parent.iterdir()) == [path]


def test_a_lone_surrogate_is_written_as_its_escape(tmp_path: Path) -> None:
    write_atomic(tmp_path / 'summary.txt', 'a\ud83d')
    assert (tmp_path / 'summary.txt').read_text() == 'a\\ud83d'


def test_json_comes_back(tmp_path: Path) -> None:
    value = {'b': [1, 2.5, None, True], 'a': {'\ud83d': 'a\u2028\x85\x00'}}
    write_json(tmp_path / 'a.json', value)
    assert read_json(tmp_path / 'a.json') == value
    assert list(read_json(tmp_path / 'a.json')) == ['b', 'a']
    assert (tmp_path / 'a.json').read_bytes().isascii()


def test_a_reader_of_the_old_file_keeps_the_old_content(tmp_path: Path) -> None:
    path = tmp_path / 'a.txt'
    write_atomic(path, 'old')
    with path.open() as reader:
        write_atomic(path, 'new')
        assert reader.read() == 'old'
    assert path.read_text() == 'new'


def test_the_file_can_be_read_by_whom_the_umask_allows(tmp_path: Path) -> None:
    write_atomic(tmp_path / 'a.txt', 'a')
    (tmp_path / 'b.txt').write_text('b')
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_name_as_long_as_can_be_is_written(tmp_path: Path) -> None:
    write_atomic(tmp_path / ('a' * 255), 'a')
    assert (tmp_path / ('a' * 255)).read_text() == 'a'


def test_a_folder_is_not_replaced_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / 'a' / 'b').mkdir(parents=True)
    with pytest.raises(StoreError, match=r'cannot write .*/a: Is a directory'):
        write_atomic(tmp_path / 'a', 'text')
    assert [path.name for path in tmp_path.iterdir()] == ['a']
