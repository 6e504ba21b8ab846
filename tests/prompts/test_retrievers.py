from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.prompts import BaseRetriever, FixKRetriever, RandomRetriever, ZeroRetriever
from evalkit.types import Sample

TRAIN = [{'number': number} for number in range(50)]
PINNED = [4, 6, 19, 29]


def sample(index: int) -> Sample:
    return Sample(index, {}, None)


def drawn(retriever: BaseRetriever, index: int, train: list[dict[str, int]] = TRAIN) -> list[Any]:
    return [row['number'] for row in retriever.retrieve(sample(index), train)]


def test_zero_is_nothing_and_puts_nothing_into_the_prompt() -> None:
    retriever = ZeroRetriever()
    assert retriever.retrieve(sample(0), TRAIN) == []
    assert (retriever.ice_separator, retriever.ice_eos_token) == ('', '')


def test_fix_k_keeps_the_order_of_its_list() -> None:
    assert drawn(FixKRetriever([3, 1, 2]), 0) == drawn(FixKRetriever([3, 1, 2]), 9) == [3, 1, 2]


@pytest.mark.parametrize('row', [50, -1])
def test_a_row_outside_of_the_train_split_is_named_with_its_size(row: int) -> None:
    with pytest.raises(ConfigError, match=f'names row {row}, but the train split has 50 rows'):
        FixKRetriever([0, row]).prepare(TRAIN)
    with pytest.raises(ConfigError, match=f'names row {row}'):
        FixKRetriever([0, row]).retrieve(sample(0), TRAIN)


def test_an_empty_train_split_is_probably_a_wrong_name() -> None:
    with pytest.raises(ConfigError, match=r'has 0 rows \(reader_cfg.train_split names the split'):
        FixKRetriever([0]).prepare([])


@pytest.mark.parametrize('rows', ['012', ['0'], [0.0], [True]])
def test_a_list_of_anything_but_row_numbers_is_refused(rows: Any) -> None:
    with pytest.raises(ConfigError, match='fix_id_list must be a list of row numbers'):
        FixKRetriever(rows)


def test_random_rows_of_a_sample_are_pinned() -> None:
    assert drawn(RandomRetriever(4), 0) == PINNED
    assert RandomRetriever(4).retrieve(sample(0), TRAIN) == [TRAIN[row] for row in PINNED]


def test_random_rows_depend_on_the_sample_and_the_seed_alone() -> None:
    retriever = RandomRetriever(4)
    forwards = [drawn(retriever, index) for index in range(20)]
    backwards = [drawn(retriever, index) for index in reversed(range(20))]
    assert forwards == backwards[::-1]
    assert len({tuple(rows) for rows in forwards}) == 20
    assert drawn(RandomRetriever(4, seed=44), 0) != forwards[0]


def test_random_rows_are_different_ones() -> None:
    assert sorted(drawn(RandomRetriever(50), 7)) == list(range(50))


def test_more_random_rows_than_there_are_is_refused() -> None:
    with pytest.raises(ConfigError, match='ice_num is 51, but the train split has 50 rows'):
        RandomRetriever(51).retrieve(sample(0), TRAIN)
