import logging
import random
import signal
import subprocess
import time
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pytest

from evalkit.errors import StoreError
from evalkit.store import PredictionWriter, read_predictions
from tests.store.processes import ROOT, command, output_of, wait_until
from tests.store.samples import a_long_prediction, a_prediction


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
    short = [(1_000, number * 10) for number in range(20)]
    long = [(2_000_000, number % 4) for number in range(20)]
    rounds = [
        Round(number * 1_000_000, *shape)
        for number, shape in enumerate(chain.from_iterable(zip(short, long, strict=True)))
    ]
    acknowledged, num_torn = [], 0
    for each in rounds:
        acknowledged += each.append_until_killed(path)
        num_torn += not path.read_bytes().endswith(b'\n')
    found = {prediction.index: prediction for prediction in read_predictions(path)}
    assert len(acknowledged) > 2_000
    assert num_torn > 0
    assert [index for index in acknowledged if index not in found] == []
    # Of each process at most the record that it was writing was not acknowledged.
    assert len(found) <= len(acknowledged) + len(rounds)
    for index, prediction in found.items():
        assert prediction == a_long_prediction(index, rounds[index // 1_000_000].length)
    assert not path.with_name('all.jsonl.quarantine').exists()


class Round(NamedTuple):
    """A writer of records of `length` bytes that is killed at a random moment after `num_records`,
    or in the middle of a write where the records are long.
    """

    first_index: int
    length: int
    num_records: int

    def append_until_killed(self, path: Path) -> list[int]:
        """Return the indexes that it acknowledged."""
        printed = path.with_name(f'{self.first_index}.txt')
        with printed.open('wb') as file:
            process = subprocess.Popen(
                command('append_forever', path, self.first_index, self.length),
                cwd=ROOT,
                stdout=file,
            )
        wait_until(lambda: printed.read_bytes().count(b'\n') > self.num_records)
        time.sleep(random.uniform(0, 0.01))
        size = path.stat().st_size
        wait_until(lambda: path.stat().st_size > size, pause=0)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        return [int(line) for line in printed.read_text().split()[1:]]


def test_a_writer_in_another_process_is_respected_until_it_is_killed(tmp_path: Path) -> None:
    path, printed = tmp_path / 'all.jsonl', tmp_path / 'printed.txt'
    with printed.open('wb') as file:
        process = subprocess.Popen(command('append_forever', path, 0, 1_000), cwd=ROOT, stdout=file)
    try:
        wait_until(lambda: printed.read_bytes().count(b'\n') > 1)
        with pytest.raises(StoreError, match='is being written by another process'):
            PredictionWriter(path)
    finally:
        process.kill()
        process.wait()
    append(path, 7)


def test_a_forked_child_that_leaves_takes_neither_lock_nor_records(tmp_path: Path) -> None:
    assert output_of('leave_fork', tmp_path).splitlines() == [
        'the child ended with 0',
        'still held by the parent: True',
        'records: 1',
    ]
