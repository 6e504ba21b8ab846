"""Disks that are full, faulty or read-only, and processes without file descriptors."""

import re
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from evalkit.errors import StoreError
from evalkit.store import (
    PredictionWriter,
    RunLock,
    is_done,
    new_run,
    preflight,
    read_json,
    read_predictions,
    scan_answers,
    write_atomic,
    write_json,
    write_manifest,
)
from tests.store.conftest import Mount
from tests.store.processes import output_of
from tests.store.samples import a_prediction


def append_until_full(path: Path, length: int) -> tuple[int, StoreError]:
    """Return how many records were acknowledged, and the error of the next."""
    with PredictionWriter(path) as writer:
        for index in range(1_000_000):
            try:
                writer.append(a_prediction(index, output='x' * length))
            except StoreError as error:
                return index, error
    raise AssertionError('the disk is endless')


@pytest.mark.parametrize('length', [10, 1_000, 50_000])
def test_a_full_disk_keeps_all_acknowledged_records_and_stops_the_run(
    length: int, small_disk: Path
) -> None:
    path = small_disk / 'all.jsonl'
    num_acknowledged, error = append_until_full(path, length)
    assert num_acknowledged >= 15
    assert error.exit_code.value == 5
    assert f'cannot write {path}: No space left on device (' in str(error)
    assert ' bytes free); free some space, then run again with -r' in str(error)
    assert path.read_bytes().endswith(b'"}\n')
    found = [prediction.index for prediction in read_predictions(path)]
    assert found == list(range(num_acknowledged))


def test_a_writer_goes_on_once_there_is_room_again(small_disk: Path) -> None:
    (small_disk / 'filler').write_bytes(bytes(1_000_000))
    path = small_disk / 'all.jsonl'
    with PredictionWriter(path) as writer:
        with pytest.raises(StoreError, match='No space left'):
            writer.append(a_prediction(0, output='x' * 100_000))
        (small_disk / 'filler').unlink()
        writer.append(a_prediction(0, output='x' * 100_000))
    assert [len(prediction.output) for prediction in read_predictions(path)] == [100_000]


def test_a_full_disk_leaves_the_old_report_untouched(small_disk: Path) -> None:
    path = small_disk / 'summary.txt'
    write_atomic(path, 'the old report')
    with pytest.raises(StoreError, match=r'cannot write .*summary.txt: No space left on device'):
        write_atomic(path, 'x' * 2_000_000)
    assert path.read_text() == 'the old report'
    assert [file.name for file in small_disk.iterdir()] == ['summary.txt']


def test_a_full_disk_never_makes_a_dataset_done(full_disk: Path) -> None:
    with pytest.raises(StoreError, match=r'manifest.json: No space left on device'):
        write_manifest(full_disk, ['a'])
    assert not is_done(full_disk, ['a'])
    (full_disk / 'filler').unlink()
    write_manifest(full_disk, ['a'])
    assert is_done(full_disk, ['a'])


def test_preflight_fails_on_a_full_disk_and_leaves_nothing(full_disk: Path) -> None:
    with pytest.raises(StoreError, match=r'No space left on device \(0 bytes free\); free some'):
        preflight(full_disk)
    assert [file.name for file in full_disk.iterdir()] == ['filler']


def test_nothing_can_be_begun_on_a_read_only_disk(mount: Mount) -> None:
    disk = mount('ro')
    reason = r'Read-only file system .* choose a work directory that can be written with -w'
    with pytest.raises(StoreError, match=rf'cannot create {disk}/outputs: {reason}'):
        preflight(disk / 'outputs')
    with pytest.raises(StoreError, match=rf'cannot write {disk}/.probe-\d+: {reason}'):
        preflight(disk)
    with pytest.raises(StoreError, match=reason):
        PredictionWriter(disk / 'all.jsonl')
    with pytest.raises(StoreError, match=reason), RunLock(disk):
        pass
    with pytest.raises(StoreError, match=reason):
        write_json(disk / 'a.json', {})


def test_a_read_only_disk_can_be_read_though_a_line_is_corrupt(
    mount: Mount, caplog: pytest.LogCaptureFixture
) -> None:
    disk = mount('size=1m')
    with PredictionWriter(disk / 'all.jsonl') as writer:
        for index in range(3):
            writer.append(a_prediction(index))
    lines = (disk / 'all.jsonl').read_bytes().splitlines(keepends=True)
    (disk / 'all.jsonl').write_bytes(lines[0] + lines[1].replace(b'is', b'as') + lines[2])
    remount_read_only(disk)
    assert list(scan_answers(disk)) == ['key-0', 'key-2']
    assert 'line 2 is corrupt' in caplog.text
    assert 'all.jsonl.quarantine cannot be written' in caplog.text


def remount_read_only(disk: Path) -> None:
    subprocess.run(['mount', '-o', 'remount,ro', str(disk)], check=True)


def test_a_file_in_the_place_of_the_work_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / 'outputs').write_text('a file')
    with pytest.raises(StoreError, match=r'cannot create .*/outputs: File exists .* a file stands'):
        preflight(tmp_path / 'outputs')
    with pytest.raises(StoreError, match=r'/outputs/run: Not a directory .* a file stands'):
        preflight(tmp_path / 'outputs' / 'run')


def test_preflight_creates_the_folder_and_leaves_it_empty(tmp_path: Path) -> None:
    preflight(tmp_path / 'a' / 'b')
    preflight(tmp_path / 'a' / 'b')
    assert list((tmp_path / 'a' / 'b').iterdir()) == []


def test_a_process_without_descriptors_is_told_to_raise_the_limit(tmp_path: Path) -> None:
    write_json(tmp_path / 'a.json', {})
    with PredictionWriter(tmp_path / 'all.jsonl') as writer:
        writer.append(a_prediction(0))
    said = dict(
        line.split(': ', 1) for line in output_of('use_without_descriptors', tmp_path).splitlines()
    )
    assert list(said) == [
        'preflight',
        'write_atomic',
        'read_json',
        'read_predictions',
        'scan_answers',
        'PredictionWriter',
        'RunLock',
        'find_run',
    ]
    for text in said.values():
        assert 'Too many open files' in text
        assert text.endswith('raise the limit with `ulimit -n`')


@pytest.mark.parametrize(
    ('error_name', 'reason'),
    [
        ('EIO', r'Input/output error .*; the disk is faulty or was taken away'),
        ('EDQUOT', r'Disk quota exceeded .*; free some space'),
    ],
    ids=['EIO', 'EDQUOT'],
)
def test_a_failed_write_is_a_store_error_each_time(
    error_name: str, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / 'all.jsonl'
    said = output_of('write_to_faulty_disk', path, 'write', error_name).splitlines()
    assert len(said) == 2
    for line in said:
        assert line.startswith(f'cannot write {path}: ')
        assert re.search(reason, line)
    assert list(read_predictions(path)) == [a_prediction(0)]


def test_a_sync_that_fails_between_two_records_stops_the_next(tmp_path: Path) -> None:
    path = tmp_path / 'all.jsonl'
    said = output_of('write_to_faulty_disk', path, 'fdatasync', 'EIO').splitlines()
    assert [line.split(' (')[0] for line in said] == [
        f'cannot write {path}: Input/output error',
        f'cannot write {path}: Input/output error',
        f'close: cannot write {path}: Input/output error',
    ]


def test_a_writer_that_cannot_cut_a_torn_record_adds_nothing_behind_it(tmp_path: Path) -> None:
    path = tmp_path / 'all.jsonl'
    said = output_of('write_to_faulty_disk', path, 'write,ftruncate', 'EIO').splitlines()
    assert [line.split(' (')[0] for line in said] == [
        f'cannot write {path}: Input/output error',
        f'{path} is closed; nothing more can be written to it',
    ]


def test_a_missing_or_broken_json_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r'cannot read .*a.json: No such file or directory'):
        read_json(tmp_path / 'a.json')
    (tmp_path / 'a.json').write_text('{"a":')
    with pytest.raises(StoreError, match=r'a.json is not JSON \(Expecting value.*; remove it'):
        read_json(tmp_path / 'a.json')
    (tmp_path / 'a.json').write_bytes(b'\xff\xfe\xff')
    with pytest.raises(StoreError, match=r'a.json is not JSON'):
        read_json(tmp_path / 'a.json')


def test_a_run_cannot_be_created_below_a_file(tmp_path: Path) -> None:
    (tmp_path / 'outputs').write_text('a file')
    with pytest.raises(StoreError, match='a file stands where a folder is needed'):
        new_run(tmp_path / 'outputs', datetime(2024, 1, 2, 3, 4, 5))
