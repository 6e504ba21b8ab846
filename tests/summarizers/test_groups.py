import math
from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.summarizers import DefaultSummarizer
from evalkit.summarizers.collect import Cell
from tests.summarizers.results import a_result, lines, metrics, summarize

RESULTS = {
    ('a', 'm'): a_result(20.0, 3.0),
    ('b', 'm'): a_result(80.0, 4.0, n=30, n_ok=28, failed=2, truncated=5, empty=1, filtered=2),
}


def cell(folder: Path, group: dict[str, Any], results: Any = None) -> Cell:
    """The cell of a group over `a` and `b`."""
    group = {'name': 'group', 'subsets': ['a', 'b'], **group}
    summary = summarize(folder, results or RESULTS, summary_groups=[group], dataset_abbrs=['group'])
    [row] = summary.rows
    return row.cells['m']


def test_a_group_is_the_average_of_its_subsets_with_their_counts(tmp_path: Path) -> None:
    # The standard error of the average of independent ones: sqrt(3² + 4²) / 2.
    assert cell(tmp_path, {}) == Cell(
        value=50.0,
        stderr=2.5,
        n=40,
        n_ok=38,
        truncated=5,
        empty=1,
        filtered=2,
        failed=2,
        subsets='2/2',
    )
    assert lines(tmp_path) == [['group', '-', 'naive_average', 'gen', '50.00 ± 2.50 (38/40) [2/2]']]


def test_a_weighted_average_goes_by_the_weights(tmp_path: Path) -> None:
    found = cell(tmp_path, {'weights': {'a': 1, 'b': 3}})
    assert found.value == 65.0
    assert found.stderr == pytest.approx(math.hypot(3, 3 * 4) / 4)
    assert lines(tmp_path)[0][2] == 'weighted_average'


@pytest.mark.parametrize(
    ('flag', 'name', 'value'),
    [
        ('sum', 'sum', 100.0),
        ('std', 'standard_deviation', 30.0),
        ('harmonic_mean', 'harmonic_mean', 32.0),
    ],
)
def test_other_statistics_have_no_standard_error(
    tmp_path: Path, flag: str, name: str, value: float
) -> None:
    found = cell(tmp_path, {flag: True})
    assert found.value == pytest.approx(value)
    assert found.stderr is None
    assert lines(tmp_path)[0][2] == name


def test_a_harmonic_mean_with_a_zero_is_zero(tmp_path: Path) -> None:
    results = {('a', 'm'): a_result(0.0), ('b', 'm'): a_result(80.0)}
    assert cell(tmp_path, {'harmonic_mean': True}, results).value == 0.0


def test_a_subset_without_a_standard_error_leaves_the_group_without_one(tmp_path: Path) -> None:
    results = {**RESULTS, ('a', 'm'): a_result(20.0, None)}
    found = cell(tmp_path, {}, results)
    assert (found.value, found.stderr) == (50.0, None)


def test_a_missing_subset_is_counted_and_not_fatal(tmp_path: Path) -> None:
    results = {('a', 'm'): {'error': 'out of memory'}, ('b', 'm'): RESULTS['b', 'm']}
    assert cell(tmp_path, {}, results).subsets == '1/2'
    assert lines(tmp_path) == [['group', '-', 'naive_average', 'gen', '80.00 ± 4.00 (28/30) [1/2]']]
    weighted = {'weights': {'a': 1, 'b': 3}}
    assert cell(tmp_path, weighted, results).value == 80.0


def test_a_group_without_any_subset_is_failed(tmp_path: Path) -> None:
    results = {('a', 'm'): {'error': 'x'}, ('b', 'm'): None}
    found = cell(tmp_path, {}, results)
    assert found == Cell(error='none of its subsets has a result', subsets='0/2')


def test_a_group_that_a_model_is_not_asked_is_a_dash(tmp_path: Path) -> None:
    assert cell(tmp_path, {}, {('other', 'm'): a_result()}) == Cell()


def test_weights_for_what_is_missing_alone_give_no_number(tmp_path: Path) -> None:
    found = cell(tmp_path, {'weights': {'a': 1}}, {('a', 'm'): None, ('b', 'm'): a_result()})
    assert found == Cell(error='the weights of the subsets that it has are 0', subsets='1/2')


def test_subsets_may_name_their_metrics(tmp_path: Path) -> None:
    results = {('a', 'm'): metrics(acc=10.0, f1=20.0), ('b', 'm'): metrics(score=40.0)}
    assert cell(tmp_path, {'subsets': [['a', 'f1'], ['b', 'score']]}, results).value == 30.0
    assert cell(tmp_path, {'subsets': [['a', 'f1'], 'b']}, results).value == 30.0
    assert cell(tmp_path, {'subsets': [['a', 'f1'], ['a', 'acc']]}, results).value == 15.0
    weights = {'subsets': [['a', 'f1'], ['a', 'acc']], 'weights': {'a@f1': 3, 'a@acc': 1}}
    assert cell(tmp_path, weights, results).value == 17.5


def test_subsets_with_other_metrics_are_averaged_by_their_main_ones(tmp_path: Path) -> None:
    results = {('a', 'm'): metrics(acc=10.0, f1=20.0), ('b', 'm'): metrics(score=40.0)}
    assert cell(tmp_path, {}, results).value == 25.0


def test_a_group_may_name_the_metric_of_all_its_subsets(tmp_path: Path) -> None:
    results = {('a', 'm'): metrics(acc=10.0, f1=20.0), ('b', 'm'): metrics(acc=1.0, f1=40.0)}
    assert cell(tmp_path, {'metric': 'f1'}, results).value == 30.0


def test_a_line_may_ask_for_another_metric_of_a_group(tmp_path: Path) -> None:
    results = {('a', 'm'): metrics(acc=10.0, f1=20.0), ('b', 'm'): metrics(acc=1.0, f1=40.0)}
    group = {'name': 'group', 'subsets': ['a', 'b']}
    wanted = [['group', 'naive_average'], ['group', 'f1']]
    summarize(tmp_path, results, summary_groups=[group], dataset_abbrs=wanted)
    assert lines(tmp_path) == [
        ['group', '-', 'naive_average', 'gen', '5.50 [2/2]'],
        ['group', '-', 'f1', 'gen', '30.00 [2/2]'],
    ]


def test_a_group_may_be_a_subset_of_another(tmp_path: Path) -> None:
    groups = [
        {'name': 'outer', 'subsets': ['inner', 'c']},
        {'name': 'inner', 'subsets': ['a', 'b']},
    ]
    results = {**RESULTS, ('c', 'm'): a_result(0.0, mode='ppl')}
    summarize(tmp_path, results, summary_groups=groups)
    assert [line[:1] + line[3:] for line in lines(tmp_path)[3:]] == [
        ['outer', 'mixed', '25.00 (48/50) [2/2]'],
        ['inner', 'gen', '50.00 ± 2.50 (38/40) [2/2]'],
    ]


def test_a_group_may_have_the_name_of_its_subset(tmp_path: Path) -> None:
    group = {'name': 'a', 'subsets': ['a', 'b']}
    assert cell(tmp_path, {**group, 'name': 'group', 'subsets': ['a', 'b']}).value == 50.0
    summary = summarize(tmp_path, RESULTS, summary_groups=[group], dataset_abbrs=['a'])
    assert summary.rows[0].cells['m'].value == 50.0


def test_by_default_the_groups_that_have_a_subset_here_stand_last(tmp_path: Path) -> None:
    groups = [
        {'name': 'other', 'subsets': ['x', 'y']},
        {'name': 'here', 'subsets': ['b', 'y']},
        {'name': 'above', 'subsets': ['here', 'z']},
    ]
    summary = summarize(tmp_path, RESULTS, summary_groups=groups)
    assert [row.dataset for row in summary.rows] == ['a', 'b', 'here', 'above']


@pytest.mark.parametrize(
    ('group', 'text'),
    [
        (
            {'name': 'g', 'subsets': ['a'], 'weigths': {}},
            'summary group g: unknown key weigths; did you mean weights?',
        ),
        ({'subsets': ['a']}, 'summary group None: needs a `name` and `subsets`'),
        ({'name': 'g', 'subsets': []}, 'summary group g: needs a `name` and `subsets`'),
    ],
)
def test_a_wrong_group_is_refused_before_anything_is_run(group: Any, text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        DefaultSummarizer(summary_groups=[group])
    assert str(caught.value) == text
