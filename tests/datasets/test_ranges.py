from pathlib import Path
from typing import Any

import pytest

from evalkit.datasets import read_dataset
from evalkit.errors import ConfigError
from tests.tasks.runs import a_dataset, write_rows


def indices(tmp_path: Path, num_rows: int, **reader_cfg: Any) -> list[int]:
    rows = [{'q': str(number), 'a': str(number)} for number in range(num_rows)]
    path = write_rows(tmp_path / 'rows.jsonl', rows)
    samples = read_dataset(a_dataset(path, reader_cfg=reader_cfg)).test
    assert [sample.fields['q'] for sample in samples] == [str(sample.index) for sample in samples]
    return [sample.index for sample in samples]


def test_without_a_range_every_row_is_a_sample(tmp_path: Path) -> None:
    assert indices(tmp_path, 4) == [0, 1, 2, 3]
    assert indices(tmp_path, 4, test_range=None) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('[:3]', [0, 1, 2]),
        ('[8:]', [8, 9]),
        ('[2:5]', [2, 3, 4]),
        ('[-2:]', [8, 9]),
        ('[:-8]', [0, 1]),
        ('[::4]', [0, 4, 8]),
        ('[1:9:3]', [1, 4, 7]),
        ('[::-5]', [9, 4]),
        ('[:]', list(range(10))),
        ('[5:2]', []),
        ('[:100]', list(range(10))),
        (' [ 1 : 3 ] ', [1, 2]),
    ],
)
def test_a_slice_takes_the_rows_that_it_takes_of_a_list(
    tmp_path: Path, text: str, expected: list[int]
) -> None:
    assert indices(tmp_path, 10, test_range=text) == expected


def test_the_last_ten_rows_keep_their_index(tmp_path: Path) -> None:
    assert indices(tmp_path, 100, test_range='[-10:]') == list(range(90, 100))


def test_a_count_draws_the_rows_that_opencompass_draws(tmp_path: Path) -> None:
    # random.Random(4) shuffles the numbers below 10; the first 4 are taken, in that order.
    assert indices(tmp_path, 10, test_range=4) == [8, 2, 0, 7]
    assert indices(tmp_path, 10, test_range=4.0) == [8, 2, 0, 7]


def test_a_share_draws_as_many_rows_as_the_count_that_it_means(tmp_path: Path) -> None:
    assert indices(tmp_path, 10, test_range=0.4) == indices(tmp_path, 10, test_range=4)
    assert indices(tmp_path, 10, test_range=0.49) == indices(tmp_path, 10, test_range=4)


@pytest.mark.parametrize('wanted', [10, 11, 1.0, 99.0])
def test_a_count_that_there_is_not_takes_all_rows_in_order(tmp_path: Path, wanted: float) -> None:
    assert indices(tmp_path, 10, test_range=wanted) == list(range(10))


@pytest.mark.parametrize('wanted', [0, -1, -0.5, 1.5])
def test_an_impossible_count_is_refused(tmp_path: Path, wanted: float) -> None:
    with pytest.raises(ConfigError) as caught:
        indices(tmp_path, 10, test_range=wanted)
    assert str(caught.value) == (
        f'a range of {wanted!r} rows is not possible: give a count or a share'
    )


@pytest.mark.parametrize(
    'text',
    [
        '',
        '5',
        '[5]',
        '0:10',
        '[0:10',
        '0:10]',
        '[-:2]',
        '[::0]',
        '[1:2:3:4]',
        '[1.5:2]',
        '[:3] + [5:]',
        '[:__import__("os").getpid()]',
    ],
)
def test_what_is_no_slice_is_refused_and_never_evaluated(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        indices(tmp_path, 10, test_range=text)
    assert str(caught.value) == f"a range must look like '[0:100]' or '[::2]', not {text!r}"


def test_a_limit_takes_the_first_of_the_range(tmp_path: Path) -> None:
    assert indices(tmp_path, 10, limit=2) == [0, 1]
    assert indices(tmp_path, 10, test_range='[::3]', limit=2) == [0, 3]
    assert indices(tmp_path, 10, test_range=4, limit=2) == [8, 2]
    assert indices(tmp_path, 10, limit=99) == list(range(10))


def test_a_train_range_chooses_the_rows_for_examples_alone(tmp_path: Path) -> None:
    rows = [{'q': str(number), 'a': ''} for number in range(10)]
    path = write_rows(tmp_path / 'rows.jsonl', rows)
    splits = read_dataset(
        a_dataset(path, reader_cfg={'output_column': 'a', 'train_range': '[5:7]'})
    )
    assert [row['q'] for row in splits.train] == ['5', '6']
    assert len(splits.test) == 10
