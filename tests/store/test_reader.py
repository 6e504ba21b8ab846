import logging
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import StoreError
from evalkit.store import PredictionWriter, read_latest, read_predictions, scan_answers
from evalkit.store.records import encode_record
from evalkit.types import Prediction
from tests.store.samples import a_failure, a_prediction, flip_byte, with_checksum


def write(path: Path, *predictions: Prediction) -> None:
    with PredictionWriter(path) as writer:
        for prediction in predictions:
            writer.append(prediction)


@pytest.fixture
def three_records(tmp_path: Path) -> Path:
    path = tmp_path / 'all.jsonl'
    write(path, *map(a_prediction, range(3)))
    return path


def test_a_flipped_byte_costs_that_record_only(three_records: Path) -> None:
    whole = three_records.read_bytes()
    first, second, _ = (len(line) for line in whole.splitlines(keepends=True))
    for position in range(first, first + second - 1):
        three_records.write_bytes(whole)
        flip_byte(three_records, position)
        assert list(scan_answers(three_records.parent)) == ['key-0', 'key-2'], position
        assert list(read_predictions(three_records)) == [a_prediction(0), a_prediction(2)]


def test_a_flipped_line_feed_costs_the_two_records_that_it_joins(three_records: Path) -> None:
    flip_byte(three_records, three_records.read_bytes().index(b'\n'))
    assert list(read_predictions(three_records)) == [a_prediction(2)]


def test_a_corrupt_line_is_kept_and_reported_once(
    three_records: Path, caplog: pytest.LogCaptureFixture
) -> None:
    flip_byte(three_records, three_records.read_bytes().index(b'\n') + 20)
    corrupt = three_records.read_bytes().splitlines(keepends=True)[1]
    for _ in range(3):
        list(read_predictions(three_records))
        list(read_latest(three_records.parent))
        scan_answers(three_records.parent)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        (
            'WARNING',
            f'{three_records}: line 2 is corrupt; it is skipped, kept in all.jsonl.quarantine, '
            f'and its sample is asked again',
        )
    ]
    assert (three_records.parent / 'all.jsonl.quarantine').read_bytes() == corrupt
    assert three_records.read_bytes().splitlines(keepends=True)[1] == corrupt


def test_each_corrupt_line_is_kept(three_records: Path, caplog: pytest.LogCaptureFixture) -> None:
    lines = three_records.read_bytes().splitlines(keepends=True)
    three_records.write_bytes(b'\n' + lines[0] + b'\x00\xff junk\n' + lines[2] + b'{}\n')
    assert list(scan_answers(three_records.parent)) == ['key-0', 'key-2']
    kept = (three_records.parent / 'all.jsonl.quarantine').read_bytes()
    assert kept == b'\n\x00\xff junk\n{}\n'
    assert [record.getMessage().split(' is ')[0][-6:] for record in caplog.records] == [
        'line 1',
        'line 3',
        'line 5',
    ]


def test_a_sample_whose_record_was_corrupt_is_answered_by_the_next_record(
    three_records: Path,
) -> None:
    flip_byte(three_records, 10)
    assert 'key-0' not in scan_answers(three_records.parent)
    write(three_records, a_prediction(0))
    assert scan_answers(three_records.parent)['key-0'] == 0
    assert [prediction.index for prediction in read_latest(three_records.parent)] == [0, 1, 2]


def test_a_torn_tail_is_skipped_in_silence(
    three_records: Path, caplog: pytest.LogCaptureFixture
) -> None:
    three_records.write_bytes(three_records.read_bytes()[:-7])
    caplog.set_level(logging.DEBUG)
    assert list(scan_answers(three_records.parent)) == ['key-0', 'key-1']
    assert list(read_predictions(three_records)) == [a_prediction(0), a_prediction(1)]
    assert caplog.records == []


def test_an_error_does_not_satisfy_a_resume(tmp_path: Path) -> None:
    write(tmp_path / 'all.jsonl', a_failure(0), a_prediction(1))
    assert scan_answers(tmp_path) == {'key-1': 1}


def test_an_answer_supersedes_an_error_whichever_comes_first(tmp_path: Path) -> None:
    write(tmp_path / 'a.jsonl', a_failure(0), a_prediction(0), a_prediction(1), a_failure(1))
    assert scan_answers(tmp_path) == {'key-0': 0, 'key-1': 1}
    assert list(read_latest(tmp_path)) == [a_prediction(0), a_prediction(1)]


def test_the_last_answer_and_the_last_error_count(tmp_path: Path) -> None:
    write(tmp_path / 'a.jsonl', a_prediction(0, output='old'), a_failure(1, seconds=1.0))
    write(tmp_path / 'b.jsonl', a_prediction(0, output='new'), a_failure(1, seconds=2.0))
    latest = list(read_latest(tmp_path))
    assert latest == [a_prediction(0, output='new'), a_failure(1, seconds=2.0)]


def test_the_latest_come_by_index_and_repeat_from_all_shards(tmp_path: Path) -> None:
    places = [(index, repeat) for index in range(5) for repeat in range(3)]
    shuffled = Random(0).sample(places, len(places))
    for number in range(2):
        write(
            tmp_path / f'{number}of2.jsonl',
            *(
                a_prediction(index, repeat=repeat, key=f'{index}-{repeat}')
                for index, repeat in shuffled[number::2]
            ),
        )
    assert [(found.index, found.repeat) for found in read_latest(tmp_path)] == places


def test_answers_to_a_changed_question_can_be_left_out(tmp_path: Path) -> None:
    write(tmp_path / 'a.jsonl', a_prediction(0, key='new'), a_prediction(0, key='old'))
    assert [found.key for found in read_latest(tmp_path, keys={'new'})] == ['new']
    assert [found.key for found in read_latest(tmp_path)] == ['new', 'old']


def test_a_row_that_moved_keeps_its_answer(tmp_path: Path) -> None:
    write(tmp_path / 'a.jsonl', a_prediction(3, key='same'), a_failure(5, key='same'))
    assert scan_answers(tmp_path) == {'same': 3}
    assert [(found.index, found.is_answer) for found in read_latest(tmp_path)] == [(3, True)]
    write(tmp_path / 'b.jsonl', a_prediction(5, key='same'))
    assert scan_answers(tmp_path) == {'same': 5}
    assert [found.index for found in read_latest(tmp_path)] == [5]


def test_a_folder_that_does_not_exist_has_no_answers(tmp_path: Path) -> None:
    assert scan_answers(tmp_path / 'none') == {}
    assert list(read_latest(tmp_path / 'none')) == []


def test_other_files_in_the_folder_are_not_read(tmp_path: Path) -> None:
    write(tmp_path / 'all.jsonl', a_prediction(0))
    (tmp_path / 'manifest.json').write_text('{}')
    (tmp_path / 'all.jsonl.quarantine').write_text('junk\n')
    assert scan_answers(tmp_path) == {'key-0': 0}


def test_a_folder_that_is_a_file_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / 'folder').write_text('a file')
    with pytest.raises(StoreError, match=r'cannot read .*/folder: Not a directory'):
        scan_answers(tmp_path / 'folder')


def test_a_missing_file_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r'cannot read .*/a.jsonl: No such file or directory'):
        list(read_predictions(tmp_path / 'a.jsonl'))


def test_a_record_that_begins_otherwise_is_of_another_version(three_records: Path) -> None:
    line = encode_record(a_prediction(0)).replace(b'{"key"', b'{"name"')
    with three_records.open('ab') as file:
        file.write(with_checksum(line))
    with pytest.raises(StoreError, match=r'all.jsonl: line 4 was written by another version'):
        scan_answers(three_records.parent)


RECORDS = st.lists(
    st.builds(
        lambda index, repeat, key, is_error, number: a_prediction(
            index,
            repeat=repeat,
            key=key,
            seconds=float(number),
            error='timeout: no' if is_error else None,
        ),
        index=st.integers(0, 3),
        repeat=st.integers(0, 1),
        key=st.sampled_from(['a', '"', '\\', '\ud83d']),
        is_error=st.booleans(),
        number=st.integers(0, 9),
    ),
    max_size=30,
)


@given(RECORDS, RECORDS)
def test_scan_and_latest_agree_with_a_plain_reading(
    first: list[Prediction], second: list[Prediction]
) -> None:
    latest: dict[str, Prediction] = {}
    for found in first + second:
        if found.is_answer or found.key not in latest or not latest[found.key].is_answer:
            latest[found.key] = found
    ordered = sorted(latest.values(), key=lambda found: (found.index, found.repeat, found.key))
    answered = {found.key: found.index for found in ordered if found.is_answer}
    with TemporaryDirectory() as name:
        write(Path(name) / 'a.jsonl', *first)
        write(Path(name) / 'b.jsonl', *second)
        assert scan_answers(Path(name)) == answered
        assert list(read_latest(Path(name))) == ordered
