from pathlib import Path

import pytest

from evalkit.errors import ConfigError
from evalkit.summarizers import DefaultSummarizer
from tests.summarizers.results import a_result, lines, metrics, summarize

RESULTS = {
    ('a', 'm'): metrics(accuracy=10.0, f1=20.0),
    ('b', 'm'): metrics(score=30.0),
}


def test_by_default_there_is_a_line_for_each_metric_of_each_dataset(tmp_path: Path) -> None:
    summarize(tmp_path, RESULTS)
    assert lines(tmp_path) == [
        ['a', 'abc123', 'accuracy', 'gen', '10.00'],
        ['a', 'abc123', 'f1', 'gen', '20.00'],
        ['b', 'abc123', 'score', 'gen', '30.00'],
    ]


def test_dataset_abbrs_choose_and_order_the_lines(tmp_path: Path) -> None:
    summarize(tmp_path, RESULTS, dataset_abbrs=['b', ['a', 'f1'], 'a', '--- more ---'])
    assert lines(tmp_path) == [
        ['b', 'abc123', 'score', 'gen', '30.00'],
        ['a', 'abc123', 'f1', 'gen', '20.00'],
        ['a', 'abc123', 'accuracy', 'gen', '10.00'],
        ['--- more ---', '-', '-', '-', '-'],
    ]


def test_a_metric_that_there_is_not_is_named_with_those_that_there_are(tmp_path: Path) -> None:
    summary = summarize(tmp_path, RESULTS, dataset_abbrs=[['a', 'bleu']])
    assert summary.rows[0].cells['m'].error == 'there is no metric bleu; there is accuracy, f1'


def test_what_opencompass_calls_the_mean_of_repeats_is_the_metric(tmp_path: Path) -> None:
    summarize(tmp_path, RESULTS, dataset_abbrs=[['a', 'accuracy (8 runs average)']])
    assert lines(tmp_path) == [['a', 'abc123', 'accuracy', 'gen', '10.00']]


def test_no_lines_are_wanted_where_the_list_is_empty(tmp_path: Path) -> None:
    summary = summarize(tmp_path, RESULTS, dataset_abbrs=[])
    assert summary.rows == []


def test_models_with_other_metrics_share_the_table(tmp_path: Path) -> None:
    results = {('a', 'x'): metrics(accuracy=1.0), ('a', 'y'): metrics(accuracy=2.0, f1=3.0)}
    summarize(tmp_path, results)
    assert lines(tmp_path) == [
        ['a', 'abc123', 'accuracy', 'gen', '1.00', '2.00'],
        [
            'a',
            'abc123',
            'f1',
            'gen',
            'FAILED (there is no metric f1; there is accuracy)',
            '3.00',
        ],
    ]


def test_the_columns_are_in_the_order_of_the_models(tmp_path: Path) -> None:
    results = {('a', model): a_result(1.0) for model in ('z', 'b', 'y')}
    assert summarize(tmp_path, results).models == ['z', 'b', 'y']


@pytest.mark.parametrize('item', [['a'], ['a', 'b', 'c'], 3, ['a', None]])
def test_an_item_that_is_no_abbr_is_refused_before_anything_is_run(item: object) -> None:
    with pytest.raises(ConfigError) as caught:
        DefaultSummarizer(dataset_abbrs=[item])  # type: ignore[list-item]
    assert str(caught.value) == (
        f'a summarizer names a dataset as an abbr or [abbr, metric], not {item!r}'
    )
