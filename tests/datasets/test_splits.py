from typing import Any

import pytest

from evalkit.datasets import dataset_size, read_dataset
from evalkit.errors import ConfigError


def split(type_name: str = 'SplitDataset', **cfg: Any) -> dict[str, Any]:
    return {'type': f'tests.datasets.benchmarks.{type_name}', 'abbr': 'own', **cfg}


def test_the_reader_cfg_names_the_splits() -> None:
    reader_cfg = {'train_split': 'dev', 'test_split': 'validation', 'output_column': 'a'}
    splits = read_dataset(split(reader_cfg=reader_cfg))
    assert [row['q'] for row in splits.train] == ['dev 0', 'dev 1']
    assert [sample.fields['q'] for sample in splits.test] == ['val 0', 'val 1']
    assert [sample.reference for sample in splits.test] == ['v', 'v']


def test_a_split_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ConfigError) as caught:
        read_dataset(split(reader_cfg={'test_split': 'validatoin'}))
    assert str(caught.value) == (
        "dataset own: there is no split 'validatoin' (reader_cfg.test_split names one); "
        'there is dev, validation; did you mean validation?'
    )


def test_a_train_split_may_be_absent() -> None:
    assert read_dataset(split(reader_cfg={'test_split': 'dev'})).train == []


def test_rows_without_splits_are_examples_and_samples_even_if_they_can_be_read_once() -> None:
    splits = read_dataset(split('StreamedDataset', reader_cfg={'output_column': 'a'}))
    assert [row['q'] for row in splits.train] == ['0', '1', '2']
    assert [sample.reference for sample in splits.test] == ['0', '1', '2']


def test_without_an_output_column_the_row_is_the_reference() -> None:
    [first, *_] = read_dataset(split('StreamedDataset')).test
    assert first.reference == first.fields == {'q': '0', 'a': '0'}


def test_an_output_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ConfigError) as caught:
        read_dataset(split('StreamedDataset', reader_cfg={'output_column': 'A'}))
    assert str(caught.value) == (
        "reader_cfg.output_column is 'A', but row 0 has the columns q, a; did you mean a?"
    )


def test_keys_that_plan_nothing_are_arguments_of_load() -> None:
    cfg = split(num_rows=5, reader_cfg={'test_split': 'dev'}, n=3, k=2)
    assert dataset_size(cfg) == 5


def test_the_size_is_that_of_the_range() -> None:
    cfg = split(num_rows=50, reader_cfg={'test_split': 'dev', 'test_range': '[::2]', 'limit': 20})
    assert dataset_size(cfg) == 20
