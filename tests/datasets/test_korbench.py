"""KOR-Bench: prompts with their rule, and answers in double brackets."""

from pathlib import Path
from typing import Any

import pytest

from evalkit.datasets import korbenchEvaluator
from evalkit.errors import ConfigError
from tests.datasets.families import config, configs, prompts, samples_of, score
from tests.datasets.judged import judged_score

pytestmark = pytest.mark.usefixtures('samples')


def test_a_prompt_has_the_rule_and_the_question() -> None:
    assert prompts(config('korbench_gen', 'korbench_cipher')) == [
        'Encrypt or decrypt a text by a rule.\n\nRule:\nReplace each letter by the next one.\n\n'
        'Question:\nEncrypt "AB".\n\nGive the final answer in double brackets: [[...]].'
    ]


def test_three_solved_questions_stand_before_it() -> None:
    [prompt] = prompts(config('korbench_single_3_shot_gen', 'korbench_cipher_3_shot'))
    assert prompt.count('Answer:\n[[') == 3
    assert prompt.index('Example 2?') < prompt.index('Encrypt "AB".')


def test_there_are_five_categories() -> None:
    found = configs('korbench_gen')
    assert [len(samples_of(cfg)) for cfg in found.values()] == [1, 1, 1, 2, 2]
    cfg = {**config('korbench_gen'), 'category': 'riddle'}
    with pytest.raises(ConfigError, match='0_shot of riddle is not known'):
        samples_of(cfg)


CASES: list[tuple[str, str, str, list[str], list[str]]] = [
    ('cipher', '1', '[[B C]]', ['[[BC]]', 'First [[x]], then [["B C"]].', r'\boxed{BC}'], ['BC']),
    ('logic', '1', '[[A is B.]]', ['[[A is B]]'], ['[[B is A]]']),
    ('logic', '5', '[[a.;b.]]', ['[[b; a]]'], ['[[a]]']),
    ('operation', '1', '[[1/2]]', ['[[0.5]]', r'[[\frac{1}{2}]]'], ['[[2]]']),
    ('operation', '2', '[[4 or -4]]', ['[[-4 or 4]]', r'[[4\text{or}-4]]'], ['[[4]]']),
    ('operation', '18', '[[{a,b}]]', ['[[b, a]]'], ['[[a]]']),
    ('operation', '23', '[[X=[1,2]]]', ['[[(1; 2)]]'], ['[[2, 1]]']),
    ('puzzle', '1', '[[Apple]]', ['[[a p p l e]]'], ['[[apples]]']),
    ('puzzle', '2', '[[cat,dog]]', ['[[Dog]]'], ['[[cow]]', '[[]]']),
    ('puzzle', '3', '[[cat dog]]', ['[[dog, cat]]'], ['[[dog]]']),
    ('puzzle', '5', '[[1,2,3]]', ['[[3, 2, 1]]'], ['[[1, 2]]']),
    ('puzzle', '9', '[[2+3=5]]', ['[[1+4=5]]', '[[2 + 3]]'], ['[[1+5=5]]', '[[1*5=5]]', '[[a+b]]']),
    ('puzzle', '10', '[[2*3*4*1=24]]', ['[[(2 × 3) × 4 × 1]]'], ['[[4*6]]', '[[2*3*4/0+1]]']),
    ('puzzle', '20', '[[A1, B2]]', ['[[a1 b2]]'.upper()], ['[[B2, A1]]']),
]


@pytest.mark.parametrize(('category', 'rule', 'answer', 'right', 'wrong'), CASES)
def test_answers_are_compared_as_their_rule_needs(
    category: str, rule: str, answer: str, right: list[str], wrong: list[str]
) -> None:
    reference: Any = {'answer': answer, 'category': category, 'rule_id': rule}
    evaluator = korbenchEvaluator()
    evaluator.prepare()
    for expected, outputs in ((1.0, right), (0.0, wrong)):
        found = [evaluator.score(output, reference)['accuracy'] for output in outputs]
        assert found == [expected] * len(outputs), outputs


def test_a_bare_reference_is_compared_as_a_text() -> None:
    assert korbenchEvaluator().score('So [[BC]]', '[[B C]]') == {'accuracy': 1.0}


def test_a_scripted_model(tmp_path: Path) -> None:
    answers = {'a#b': '[[0.5]]', 'a@b': '[[-4 or 4]]'}
    cfg = config('korbench_gen', 'korbench_operation')
    assert score(tmp_path, cfg, answers=answers) == {'accuracy': 100.0}


@pytest.mark.parametrize(
    ('name', 'expected'),
    [
        ('korbench_llmjudge_gen', {'accuracy': 100.0}),
        (
            'korbench_single_0shot_cascade_eval_gen_56cf43',
            {'accuracy': 100.0, 'rule_accuracy': 50.0},
        ),
    ],
)
def test_a_judge_is_shown_rule_answer_and_reference(
    tmp_path: Path, name: str, expected: dict[str, float]
) -> None:
    cfg = config(name, 'korbench_operation')
    answers = {'a#b': 'a half', 'a@b': '[[4 or -4]]'}
    verdicts = {'<reference>\n[[1/2]]\n</reference>': 'A', '<reference>\n[[4': 'A'}
    assert judged_score(tmp_path, cfg, answers, verdicts) == expected
