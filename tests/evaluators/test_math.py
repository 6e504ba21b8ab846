import json
import time
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalkit.evaluators import MATHVerifyEvaluator, Unscored
from evalkit.evaluators.math_answer import final_answer
from evalkit.evaluators.math_text import number_of, one_spelling

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / 'data/math_answers.jsonl')
    .read_text('utf-8')
    .splitlines()
]

FORMULAS = [case['reference'] for case in CASES if case['verdict']]

numbers = st.one_of(
    st.integers(-(10**12), 10**12).map(str),
    st.decimals(-(10**6), 10**6, places=3).map(lambda number: f'{number:f}'),
)


@pytest.fixture(scope='module')
def verdicts() -> list[Any]:
    """The verdicts of all golden cases, scored together in processes."""
    found = MATHVerifyEvaluator().score_all(
        [case['text'] for case in CASES], [case['reference'] for case in CASES]
    )
    return [scores if isinstance(scores, Unscored) else scores['accuracy'] for scores in found]


def test_there_are_golden_cases_of_both_verdicts() -> None:
    assert len(CASES) >= 150
    assert sum(case['verdict'] for case in CASES) >= 75
    assert sum(not case['verdict'] for case in CASES) >= 50


@pytest.mark.parametrize(
    'number',
    range(len(CASES)),
    ids=[f'{case["text"]} | {case["reference"]}' for case in CASES],
)
def test_a_golden_case_has_its_verdict(number: int, verdicts: list[Any]) -> None:
    assert verdicts[number] == CASES[number]['verdict']


def test_every_reference_is_right_as_an_answer_in_every_frame() -> None:
    frames = ['\\boxed{%s}', 'So \\[ \\boxed{ %s } \\]', 'The answer is $%s$.', '$\\boxed{%s}$']
    plain = [formula for formula in FORMULAS if '$' not in formula and 'boxed' not in formula]
    outputs = [frame.replace('%s', formula) for formula in plain for frame in frames]
    references = [formula for formula in plain for _ in frames]
    scored = MATHVerifyEvaluator().score_all(outputs, references)
    wrong = [
        (output, scores)
        for output, scores in zip(outputs, scored, strict=True)
        if scores != {'accuracy': 1.0}
    ]
    assert wrong == []


@given(
    numbers, st.sampled_from(['%s', '\\boxed{%s}', '\\boxed{%s\\text{ cm}}', '\\boxed{%s apples}'])
)
@settings(max_examples=200)
def test_a_number_is_right_under_commas_units_and_frames(number: str, frame: str) -> None:
    digits, point, rest = number.partition('.')
    evaluator = MATHVerifyEvaluator()
    for comma in (',', '{,}', '\\,'):
        text = frame.replace('%s', f'{int(digits):,}'.replace(',', comma) + point + rest)
        if digits.startswith('-') and int(digits) == 0:
            text = frame.replace('%s', number)
        assert evaluator.score(text, number) == {'accuracy': 1.0}, text


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
@settings(max_examples=200)
def test_different_whole_numbers_are_never_equal(one: int, other: int) -> None:
    score = MATHVerifyEvaluator().score(f'\\boxed{{{one:,}}}', str(other))
    assert score == {'accuracy': float(one == other)}


@given(st.text('\\{}$boxed answer is:.1/2^_√%*\n', max_size=60))
@settings(max_examples=500)
def test_no_text_breaks_the_search_for_an_answer(text: str) -> None:
    found = final_answer(text)
    assert found is None or isinstance(one_spelling(found), str)


@pytest.mark.parametrize(
    'piece', ['\\boxed{', 'answer is ', '$', '{', '\\text{', '1 ', 'cm ', '√(']
)
def test_a_degenerate_output_is_read_quickly(piece: str) -> None:
    began = time.monotonic()
    one_spelling(final_answer(piece * 3000) or '')
    one_spelling(piece * 3000)
    assert time.monotonic() - began < 5


def test_a_long_word_at_the_end_is_no_trap_for_the_search_for_units() -> None:
    began = time.monotonic()
    one_spelling('5 ' + 'abc' * 2000 + '!')
    one_spelling('5 ' + 'abc ' * 2000 + '!')
    assert time.monotonic() - began < 5


def test_one_reference_of_several_suffices() -> None:
    assert MATHVerifyEvaluator().score('\\boxed{2}', ['1', '2']) == {'accuracy': 1.0}


def test_an_empty_reference_is_an_error_and_no_score() -> None:
    [found] = MATHVerifyEvaluator().score_all(['\\boxed{2}'], [' '])
    assert isinstance(found, Unscored)
    assert found.error.startswith('scorer: ValueError: the reference is empty')


def test_a_percentage_is_a_part_of_1() -> None:
    assert number_of('12.5\\%') == Fraction(1, 8)
    assert number_of('1,024') == 1024
    assert number_of('2\\sqrt{3}') is None


HANGS = [
    '\\boxed{9^{9^{9}}}',
    '\\boxed{9**9**9}',
    '\\boxed{10^{10^{10^{10}}}}',
    '\\boxed{(9^{9^9})!}',
]


def test_a_formula_without_an_end_costs_its_own_sample_only() -> None:
    outputs = ['\\boxed{\\sqrt{4}}', *HANGS, '\\boxed{\\frac{4}{2}}']
    first, *harmed, last = MATHVerifyEvaluator(seconds=3).score_all(outputs, ['2'] * len(outputs))
    assert first == last == {'accuracy': 1.0}
    for scores in harmed:
        assert scores == {'accuracy': 0.0} or isinstance(scores, Unscored)


def test_a_timeout_says_so() -> None:
    outputs = ['\\boxed{\\sum_{k=1}^{10^9} \\frac{1}{k^k}}', '\\boxed{1}']
    first, last = MATHVerifyEvaluator(seconds=1).score_all(outputs, ['2', '1'])
    assert first == Unscored('scorer: timeout after 1 s')
    assert last == {'accuracy': 1.0}


@pytest.mark.slow
def test_five_thousand_answers_are_scored_in_less_than_a_minute() -> None:
    cases = list(islice(cycle(CASES), 5000))
    began = time.monotonic()
    MATHVerifyEvaluator().score_all(
        [case['text'] for case in cases], [case['reference'] for case in cases]
    )
    assert time.monotonic() - began < 60
