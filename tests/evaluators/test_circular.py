import pytest

from evalkit.evaluators import CircularEvaluator, Metric, Scores, Unscored

ORDERS = ['ABCD', 'BCDA', 'CDAB', 'DABC']


def metrics(
    answers: dict[str, str], orders: list[str] = ORDERS, repeats: int = 1
) -> dict[str, Metric]:
    """Metrics of questions whose right option is B; an answer is a letter for each order."""
    evaluator = CircularEvaluator()
    scores: list[Scores] = [
        evaluator.score(letter, f'{question}--{"ABCD"[order.index("B")]}--{order}')
        for question, letters in answers.items()
        for letter, order in zip(letters, orders, strict=True)
        for _ in range(repeats)
    ]
    return evaluator.aggregate(scores, range(len(scores)))


def values(found: dict[str, Metric]) -> dict[str, float]:
    return {name: metric.value for name, metric in found.items()}


def test_an_answer_is_right_by_its_letter() -> None:
    assert CircularEvaluator().score('C', '7--C--DABC') == {'accuracy': 1.0}
    assert CircularEvaluator().score('B', '7--C--DABC') == {'accuracy': 0.0}


def test_the_metrics_of_two_questions() -> None:
    # B stands at B, A, D, C in the four orders. The first question is right four times; the
    # second is answered with B always, which is right in the first order only.
    found = values(metrics({'q1': 'BADC', 'q2': 'BBBB'}))
    assert found == {
        'acc_4': 62.5,
        'acc_1': 100.0,
        'perf_4': 50.0,
        # The votes of the second are one for each of B, C, D and A: B was first.
        'vote_4': 100.0,
        'more_4_0': 100.0,
        'more_4_1': 100.0,
        'more_4_2': 50.0,
        'more_4_3': 50.0,
        'more_4_4': 50.0,
        'perf_1': 100.0,
        'vote_1': 100.0,
        'more_1_0': 100.0,
        'more_1_1': 100.0,
        'prior_A': 12.5,
        'prior_B': 62.5,
        'prior_C': 12.5,
        'prior_D': 12.5,
        'prior_-': 0.0,
    }
    assert next(iter(found)) == 'acc_4'


def test_the_most_frequent_option_wins_whatever_its_letter() -> None:
    # Options: A, then B three times, so that the vote is right where the first answer is not.
    found = values(metrics({'q': 'AADC'}))
    assert (found['vote_4'], found['vote_1'], found['acc_4'], found['perf_4']) == (100, 0, 75, 0)


def test_what_is_no_letter_is_counted_and_wrong() -> None:
    found = values(metrics({'q': '?A??'}))
    assert (found['prior_-'], found['acc_4'], found['vote_4']) == (75.0, 25.0, 0.0)


def test_the_error_of_the_accuracy_is_by_question() -> None:
    found = metrics({'q1': 'BADC', 'q2': 'CCAA'})
    assert (found['acc_4'].value, found['acc_4'].stderr) == pytest.approx((50.0, 50.0))


def test_a_question_without_all_its_answers_is_not_called_wrong() -> None:
    evaluator = CircularEvaluator()
    whole = [evaluator.score(a, f'q1--{a}--{o}') for a, o in zip('BADC', ORDERS, strict=True)]
    part = [evaluator.score('B', 'q2--B--ABCD')]
    found = values(evaluator.aggregate([*whole, *part], range(5)))
    assert (found['acc_4'], found['perf_4'], found['perf_1']) == (100.0, 100.0, 100.0)
    alone = values(evaluator.aggregate(part, [0]))
    assert alone['acc_4'] == 100.0
    assert not {'perf_4', 'vote_4', 'more_4_1'} & {*alone}


def test_other_orders_than_the_rotations_count_only_in_the_priors() -> None:
    found = values(metrics({'q': 'BADCA'}, [*ORDERS, 'BADC']))
    assert (found['acc_4'], found['perf_4'], found['prior_A']) == (100.0, 100.0, 40.0)


def test_repeats_are_rounds_of_their_own() -> None:
    found = values(metrics({'q1': 'BADC', 'q2': 'BBBB'}, repeats=2))
    assert (found['perf_4'], found['acc_4']) == (50.0, 62.5)


@pytest.mark.parametrize('reference', ['B', 'q--B', 'q--E--ABCD', 'q--B--ABBA'])
def test_another_form_of_reference_is_an_error_and_no_score(reference: str) -> None:
    [found] = CircularEvaluator().score_all(['B'], [reference])
    assert isinstance(found, Unscored)
    assert 'is not <question>--<letter>--<order of ABCD>' in found.error
