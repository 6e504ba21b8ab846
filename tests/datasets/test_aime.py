"""AIME 2024 and 2025, and the configs of mathematics that ask a judge."""

from pathlib import Path

import pytest

from tests.datasets.families import config, prompts, samples_of, score
from tests.datasets.judged import judged_score

pytestmark = pytest.mark.usefixtures('samples')

BOX = '\nPlease reason step by step, and put your final answer within \\boxed{}.'

RIGHT = {
    'aime2024': {'books': r'\boxed{24}', '2^{10}': 'so \\boxed{24}.'},
    'aime2025': {'17_b': r'\boxed{70}', 'square': 'It is 50.'},
}


@pytest.mark.parametrize('name', ['aime2024', 'aime2025'])
def test_rows_and_prompt(name: str) -> None:
    cfg = config(f'{name}_gen')
    assert len(samples_of(cfg)) == 2
    assert prompts(cfg)[0].endswith(BOX)


def test_a_leading_zero_changes_nothing(tmp_path: Path) -> None:
    assert score(tmp_path, config('aime2024_gen'), answers=RIGHT['aime2024']) == {'accuracy': 100.0}


def test_2025_is_scored_by_rule(tmp_path: Path) -> None:
    assert score(tmp_path, config('aime2025_gen'), answers=RIGHT['aime2025']) == {'accuracy': 50.0}


@pytest.mark.parametrize('name', ['aime2024', 'aime2025'])
def test_repeats_have_a_mean_and_the_chance_of_several_right_ones(
    tmp_path: Path, name: str
) -> None:
    found = score(tmp_path, config(f'{name}_repeat16_gen'), answers=RIGHT[name])
    expected = 100.0 if name == 'aime2024' else 50.0
    assert (found['accuracy'], found['G-Pass@16_0.0'], found['G-Pass@4_1.0']) == (expected,) * 3


JUDGED = {
    'aime2024_llmjudge_gen': ({'books': 'two dozen', '2^{10}': '25'}, 50.0),
    'aime2025_llmjudge_gen': ({'17_b': 'seventy', 'square': '50'}, 50.0),
    'math_500_llmjudge_gen': ({'frac12': 'three quarters', 'x^2=2': '2'}, 50.0),
    'gsm8k_llmjudge_gen': ({'': 'who knows'}, 0.0),
}
SAYS_RIGHT = {'two dozen': 'A', 'seventy': 'A', 'three quarters': 'A: CORRECT'}


@pytest.mark.parametrize('name', JUDGED)
def test_a_judge_knows_the_reference(tmp_path: Path, name: str) -> None:
    answers, expected = JUDGED[name]
    says_wrong = dict.fromkeys(['25', '50', '\n2\n', 'who knows'], 'B')
    found = judged_score(tmp_path, config(name), answers, {**says_wrong, **SAYS_RIGHT})
    assert found == {'accuracy': expected}


@pytest.mark.parametrize(
    ('name', 'answers', 'by_rule'),
    [
        ('aime2024_cascade_eval_gen_5e9f4f', {'books': 'two dozen', '2^{10}': r'\boxed{24}'}, 50.0),
        ('aime2025_cascade_eval_gen_5e9f4f', {'17_b': 'seventy', 'square': r'\boxed{49}'}, 50.0),
        ('math_500_cascade_eval_gen_6ff468', {'frac12': r'\boxed{0.75}', 'x^2=2': '2'}, 50.0),
    ],
)
def test_a_cascade_asks_about_what_math_verify_does_not_call_right(
    tmp_path: Path, name: str, answers: dict[str, str], by_rule: float
) -> None:
    found = judged_score(tmp_path, config(name), answers, {**SAYS_RIGHT, '<candidate>\n2\n': 'B'})
    expected = 50.0 if 'math' in name else 100.0
    assert found == {'accuracy': expected, 'rule_accuracy': by_rule}


def test_gsm8k_in_a_cascade(tmp_path: Path) -> None:
    cfg = config('gsm8k_cascade_eval_gen')
    rows = samples_of(cfg)
    answers = {row.fields['question']: f'It is \\boxed{{{row.reference[-1]}}}.' for row in rows}
    found = judged_score(tmp_path, cfg, answers, {'<candidate>': 'A'})
    assert found['accuracy'] == 100.0
