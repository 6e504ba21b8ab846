"""What a task says is kept: whole, readable and bounded."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import StoreError
from evalkit.runners.tasklog import TaskLog, clean
from tests.runners.scripts import log_text, run, task


def kept(tmp_path: Path, *chunks: bytes) -> list[str]:
    log = TaskLog(tmp_path / 'x.log')
    for chunk in chunks:
        log.write(chunk)
    log.close()
    return (tmp_path / 'x.log').read_text().splitlines()


def test_lines_are_kept_however_they_are_cut(tmp_path: Path) -> None:
    chunks = (b'on', b'e\ntw', b'o\n\nthr\xc3', b'\xa9e')
    assert kept(tmp_path, *chunks) == ['one', 'two', '', 'thrée']


def test_a_line_is_in_the_file_as_soon_as_it_is_whole(tmp_path: Path) -> None:
    log = TaskLog(tmp_path / 'x.log')
    log.write(b'one\ntw')
    assert (tmp_path / 'x.log').read_text() == 'one\n'
    log.close()


def test_a_progress_bar_leaves_one_line(tmp_path: Path) -> None:
    bar = [f'\r{n}%|{"#" * n}'.encode() for n in range(100)]
    assert kept(tmp_path, b'begin\n', *bar, b'\n', b'end\r\n') == [
        'begin',
        '99%|' + '#' * 99,
        'end',
    ]


def test_colours_and_cursor_movements_are_taken_off() -> None:
    assert clean(b'\x1b[1;31mred\x1b[0m \x1b[2K\x1b[A\x1b]0;title\x07plain') == 'red plain'


def test_a_repeated_line_is_kept_once_with_a_count(tmp_path: Path) -> None:
    lines = kept(tmp_path, b'again\n' * 10_000, b'other\n', b'last\n' * 3)
    assert lines == [
        'again',
        '[the line above came 9999 more times]',
        'other',
        'last',
        '[the line above came 2 more times]',
    ]


def test_a_log_grows_up_to_its_bound_and_keeps_the_newest(tmp_path: Path) -> None:
    log = TaskLog(tmp_path / 'x.log', max_bytes=1000, max_files=3)
    for number in range(1000):
        log.write(f'line {number:05}\n'.encode())
    log.close()
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert sizes.keys() == {'x.log', 'x.log.1', 'x.log.2'}
    assert max(sizes.values()) <= 1000
    assert (tmp_path / 'x.log').read_text().endswith('line 00999\n')
    assert log.tail[-1] == 'line 00999'


def test_a_line_without_an_end_is_bounded(tmp_path: Path) -> None:
    lines = kept(tmp_path, *[bytes([letter]) * 50_000 for letter in b'abcdefghij'])
    assert sum(map(len, lines)) == 500_000
    assert max(map(len, lines)) <= 150_000


def test_a_second_run_appends(tmp_path: Path) -> None:
    kept(tmp_path, b'first\n')
    assert kept(tmp_path, b'second\n') == ['first', 'second']


def test_a_log_that_cannot_be_written_is_an_error_of_the_store(tmp_path: Path) -> None:
    (tmp_path / 'x.log').mkdir()
    with pytest.raises(StoreError, match=r'cannot write .*x\.log: Is a directory'):
        TaskLog(tmp_path / 'x.log')


def test_a_full_disk_costs_log_lines_and_nothing_else() -> None:
    log = TaskLog(Path('/dev/full'))
    for number in range(100):
        log.write(f'line {number:05}\n'.encode())
    log.write(b'Traceback (most recent call last):\nValueError: bad\n')
    log.close()
    assert log.error == 'ValueError: bad'
    assert log.tail[-1] == 'ValueError: bad'


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_no_output_can_break_a_log(chunks: list[bytes]) -> None:
    log = TaskLog(Path(os.devnull))
    for chunk in chunks:
        log.write(chunk)
    log.close()


def test_a_chatty_task_does_not_fill_the_disk(tmp_path: Path) -> None:
    script = """
        import sys
        for number in range(300):
            sys.stdout.write(f'\\r{number}%' if number % 3 else 'same line\\n' * 2000)
        print()
        print('end')
    """
    [status] = run(tmp_path, task('chatty', script))
    assert status.returncode == 0
    assert status.log_tail[-1] == 'end'
    assert len(log_text(tmp_path, 'chatty')) < 20_000


def test_what_grandchildren_say_is_in_the_log(tmp_path: Path) -> None:
    script = 'import subprocess; subprocess.run(["sh", "-c", "echo out; echo err >&2"])'
    [status] = run(tmp_path, task('parent', script))
    assert status.log_tail == ('out', 'err')


def test_a_task_with_an_open_grandchild_does_not_hang(tmp_path: Path) -> None:
    script = """
        import os, subprocess
        subprocess.Popen(['sh', '-c', 'while :; do echo y; done'])
        os._exit(0)
    """
    [status] = run(tmp_path, task('parent', script))
    assert status.returncode == 0
