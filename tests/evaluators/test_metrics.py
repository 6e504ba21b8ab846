import math
from itertools import combinations

import pytest

from evalkit.errors import TaskError
from evalkit.evaluators import AccEvaluator, Metric, Scores, pass_metrics
from tests.evaluators.own import LengthEvaluator, UnevenEvaluator


def accuracy(values: list[float], clusters: list[int] | None = None) -> Metric:
    scores: list[Scores] = [{'accuracy': value} for value in values]
    metrics = AccEvaluator().aggregate(scores, clusters or list(range(len(values))))
    assert list(metrics) == ['accuracy']
    return metrics['accuracy']


def test_a_metric_is_the_mean_in_percent_with_its_standard_error() -> None:
    # The sample standard deviation of 1, 0, 1, 1 is 0.5; over the root of 4 that is 0.25.
    metric = accuracy([1, 0, 1, 1])
    assert (metric.value, metric.stderr) == (75.0, 25.0)


def test_answers_that_are_all_right_have_no_spread() -> None:
    assert accuracy([1, 1, 1]) == Metric(100.0, 0.0)


def test_one_answer_says_nothing_of_the_spread() -> None:
    assert accuracy([1]) == Metric(100.0, None)


def test_repeats_of_one_sample_say_nothing_of_the_spread() -> None:
    metric = accuracy([1, 0, 1], [5, 5, 5])
    assert metric.value == pytest.approx(200 / 3)
    assert metric.stderr is None


def test_repeats_of_a_sample_are_one_cluster() -> None:
    # Mean 0.5; the deviations of the clusters are 1 and -1, so that the error is
    # sqrt((1 + 1) * 2 / 1) / 4 = 0.5: as much as for two answers, and not for four.
    metric = accuracy([1, 1, 0, 0], [0, 0, 1, 1])
    assert (metric.value, metric.stderr) == pytest.approx((50.0, 50.0))
    assert accuracy([1, 0]).stderr == pytest.approx(50.0)
    # Each cluster deviates by 0, where the repeats cancel out.
    assert accuracy([1, 0, 1, 0], [0, 0, 1, 1]) == Metric(50.0, 0.0)


def test_clusters_may_differ_in_size() -> None:
    # Mean 0.6; deviations: 0.4 + 0.4 - 0.6 = 0.2, and 0.4 - 0.6 = -0.2.
    metric = accuracy([1, 1, 0, 1, 0], [0, 0, 0, 1, 1])
    assert metric.value == pytest.approx(60.0)
    assert metric.stderr == pytest.approx(100 * math.sqrt((0.04 + 0.04) * 2) / 5)


def test_each_score_has_a_metric_in_the_order_of_the_scores() -> None:
    evaluator = LengthEvaluator()
    scores = [evaluator.score(output, None) for output in ('2', '4', '10')]
    metrics = evaluator.aggregate(scores, [0, 1, 2])
    assert list(metrics) == ['tenth', 'long']
    assert metrics['tenth'].value == pytest.approx(160 / 3)
    assert metrics['long'].value == pytest.approx(100 / 3)


def test_a_score_that_some_answers_lack_is_an_error() -> None:
    evaluator = UnevenEvaluator()
    scores = [evaluator.score(output, None) for output in ('1', '2')]
    with pytest.raises(TaskError) as caught:
        evaluator.aggregate(scores, [0, 1])
    assert str(caught.value) == "UnevenEvaluator gives only some of the answers a 'b'"


@pytest.mark.parametrize(
    ('output', 'reference', 'score'),
    [('B', 'B', 1.0), ('B', 'b', 0.0), ('2', 2, 1.0), ('2.0', 2, 0.0), ('', '', 1.0)],
)
def test_accuracy_is_whether_the_texts_are_equal(
    output: str, reference: object, score: float
) -> None:
    assert AccEvaluator().score(output, reference) == {'accuracy': score}


def test_pass_at_k_is_the_chance_that_one_of_k_drawn_answers_is_right() -> None:
    # One sample with 1 of 4 right, one with 3 of 4 right: of the 6 pairs of answers, 3 and 6
    # have a right one, 0 and 3 have two.
    values, clusters = [1, 0, 0, 0, 1, 1, 1, 0], [0, 0, 0, 0, 1, 1, 1, 1]
    metrics = pass_metrics(values, clusters, 2)
    assert list(metrics) == [
        'G-Pass@2_0.0',
        'G-Pass@2_0.25',
        'G-Pass@2_0.5',
        'G-Pass@2_0.75',
        'G-Pass@2_1.0',
        'mG-Pass@2',
    ]
    found = [metric.value for metric in metrics.values()]
    assert found == pytest.approx([75.0, 75.0, 75.0, 25.0, 25.0, 25.0])
    # The standard error over samples: of 0.5 and 1.0 it is 0.25, of 0 and 0.5, too.
    assert [metric.stderr for metric in metrics.values()] == pytest.approx([25.0] * 6)


def test_g_pass_counts_draws_as_one_would_by_hand() -> None:
    values = [1.0] * 5 + [0.0] * 3
    draws = [sum(draw) for draw in combinations(values, 4)]
    metrics = pass_metrics(values, [0] * 8, [1, 4])
    expected = {
        'G-Pass@1_0.0': sum(values) / 8,
        'G-Pass@4_0.0': sum(right >= 1 for right in draws) / len(draws),
        'G-Pass@4_0.5': sum(right >= 2 for right in draws) / len(draws),
        'G-Pass@4_0.75': sum(right >= 3 for right in draws) / len(draws),
        'G-Pass@4_1.0': sum(right >= 4 for right in draws) / len(draws),
        'mG-Pass@4': sum((right >= 3) + (right >= 4) for right in draws) / len(draws) / 2,
    }
    for name, value in expected.items():
        assert metrics[name].value == pytest.approx(100 * value), name
    assert 'mG-Pass@1' not in metrics


def test_a_sample_with_less_than_k_answers_is_left_out() -> None:
    metrics = pass_metrics([1, 1, 0], [0, 0, 1], 2)
    assert metrics['G-Pass@2_0.0'] == Metric(100.0, None)


def test_without_k_answers_to_any_sample_there_is_no_pass_at_k() -> None:
    with pytest.raises(TaskError) as caught:
        pass_metrics([1, 1], [0, 1], 2)
    assert str(caught.value) == 'k=2, but no sample has that many answers: n must be 2 or more'
