import logging
import signal
import subprocess
from pathlib import Path

import pytest

from evalkit.errors import StoreError
from evalkit.store import PredictionWriter, read_predictions
from tests.store.processes import ROOT, command, output_of, wait_until
from tests.store.samples import a_prediction, a_random_prediction


def append(path: Path, *indexes: int) -> None:
    with PredictionWriter(path) as writer:
        for index in indexes:
            writer.append(a_prediction(index))


def indexes(path: Path) -> list[int]:
    return [prediction.index for prediction in read_predictions(path)]


def test_records_can_be_read_while_the_writer_is_open(tmp_path: Path) -> None:
    path = tmp_path / 'new' / 'folders' / 'all.jsonl'
    with PredictionWriter(path) as writer:
        writer.append(a_prediction(0))
        writer.append(a_prediction(1))
        assert list(read_predictions(path)) == [a_prediction(0), a_prediction(1)]


def test_a_second_opening_appends(tmp_path: Path) -> None:
    append(tmp_path / 'all.jsonl', 0, 1)
    append(tmp_path / 'all.jsonl', 2)
    assert indexes(tmp_path / 'all.jsonl') == [0, 1, 2]


def test_a_closed_writer_says_so(tmp_path: Path) -> None:
    writer = PredictionWriter(tmp_path / 'all.jsonl')
    writer.close()
    writer.close()
    with pytest.raises(StoreError, match=r'all.jsonl is closed'):
        writer.append(a_prediction(0))


def test_a_torn_tail_is_dropped_with_one_line_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / 'all.jsonl'
    append(path, 0, 1, 2)
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    assert indexes(path) == [0, 1]
    with caplog.at_level(logging.INFO), PredictionWriter(path) as writer:
        writer.append(a_prediction(2))
    num_torn = len(whole.splitlines()[2]) + 1 - 7
    assert [record.getMessage() for record in caplog.records] == [
        f'{path}: dropped a torn record of {num_torn} bytes at its end'
    ]
    assert path.read_bytes() == whole


def test_a_torn_tail_of_any_length_costs_one_record(tmp_path: Path) -> None:
    path = tmp_path / 'all.jsonl'
    append(path, 0)
    first = path.read_bytes()
    append(path, 1)
    second = path.read_bytes()[len(first) :]
    for length in range(len(second)):
        path.write_bytes(first + second[:length])
        append(path, 1)
        assert path.read_bytes() == first + second


def test_a_torn_tail_longer_than_a_block_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / 'all.jsonl'
    append(path, 0)
    first = path.read_bytes()
    path.write_bytes(first + b'x' * 1_000_000)
    append(path)
    assert path.read_bytes() == first
    path.write_bytes(b'x' * 1_000_000)
    append(path)
    assert path.read_bytes() == b''


def test_a_second_writer_is_refused_and_told_which_file(tmp_path: Path) -> None:
    path = tmp_path / 'all.jsonl'
    with (
        PredictionWriter(path) as writer,
        pytest.raises(StoreError, match=rf'{path} is being written by another process'),
    ):
        PredictionWriter(path)
    writer.close()
    append(path, 0)


@pytest.mark.slow
def test_no_acknowledged_record_is_lost_over_40_kills(tmp_path: Path) -> None:
    path = tmp_path / 'all.jsonl'
    acknowledged: set[int] = set()
    for number in range(40):
        # Primes spread the moments of death over a record of 1 KB as well as over one of 300 KB.
        acknowledged |= append_until_killed(path, number * 1_000_000, number * 17 % 41)
    found = {prediction.index: prediction for prediction in read_predictions(path)}
    assert len(acknowledged) > 400
    assert acknowledged <= found.keys()
    assert all(found[index] == a_random_prediction(index) for index in found)
    # Of each process at most the record that it was writing was not acknowledged.
    assert len(found) <= len(acknowledged) + 40
    assert not path.with_name('all.jsonl.quarantine').exists()


def append_until_killed(path: Path, first_index: int, num_records: int) -> set[int]:
    """Kill a writer at an arbitrary moment after `num_records` records; return what it printed."""
    printed = path.with_name(f'{first_index}.txt')
    with printed.open('wb') as file:
        process = subprocess.Popen(
            command('append_forever', path, first_index), cwd=ROOT, stdout=file
        )
    wait_until(lambda: printed.read_bytes().count(b'\n') > num_records)
    if first_index == 0:
        with pytest.raises(StoreError, match='is being written by another process'):
            PredictionWriter(path)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    return {int(line) for line in printed.read_text().split()[1:]}


def test_a_forked_child_that_leaves_takes_neither_lock_nor_records(tmp_path: Path) -> None:
    assert output_of('leave_fork', tmp_path).splitlines() == [
        'still held by the parent: True',
        'records: 1',
    ]
