"""Evaluators that need a judge: what they ask it about, and what they make of its verdict."""

from typing import Any

import pytest

from evalkit.config import build
from evalkit.errors import ConfigError, TaskError
from evalkit.evaluators import JudgedEvaluator, Unscored

TEMPLATE = {'type': 'PromptTemplate', 'template': '{prediction}'}
LLM: dict[str, Any] = {'type': 'opencompass.evaluator.GenericLLMEvaluator'} | {
    'prompt_template': TEMPLATE
}


def cascade(**keys: Any) -> JudgedEvaluator:
    cfg = {'type': 'opencompass.evaluator.CascadeEvaluator', 'llm_evaluator': LLM, **keys}
    evaluator: JudgedEvaluator = build({'rule_evaluator': {'type': 'AccEvaluator'}, **cfg})
    return evaluator


def test_without_a_judgement_there_is_no_score() -> None:
    with pytest.raises(TaskError, match='GenericLLMEvaluator scores what a judge says'):
        build(LLM).score('1', '1')


def test_every_answer_is_judged_where_there_are_no_rules() -> None:
    evaluator: JudgedEvaluator = build(LLM)
    [ruled] = evaluator.rule(['1'], ['2'])
    assert evaluator.needs_judge(ruled)
    assert evaluator.combine(ruled, {'accuracy': 1.0}) == {'accuracy': 1.0}


def test_a_cascade_asks_about_what_the_rules_do_not_call_right() -> None:
    evaluator = cascade(parallel=False)
    right, wrong = evaluator.rule(['1', '2'], ['1', '1'])
    assert [evaluator.needs_judge(ruled) for ruled in (right, wrong)] == [False, True]
    assert evaluator.combine(right, None) == {'accuracy': 1.0, 'rule_accuracy': 1.0}
    assert evaluator.combine(wrong, {'accuracy': 1.0}) == {'accuracy': 1.0, 'rule_accuracy': 0.0}
    assert evaluator.combine(wrong, {'accuracy': 0.0}) == {'accuracy': 0.0, 'rule_accuracy': 0.0}


def test_in_parallel_everything_is_judged_and_either_is_enough() -> None:
    evaluator = cascade()
    right, wrong = evaluator.rule(['1', '2'], ['1', '1'])
    assert [evaluator.needs_judge(ruled) for ruled in (right, wrong)] == [True, True]
    assert evaluator.combine(right, {'accuracy': 0.0})['accuracy'] == 1.0
    assert evaluator.combine(wrong, {'accuracy': 1.0})['accuracy'] == 1.0


def test_what_the_rules_trip_over_is_left_to_the_judge() -> None:
    assert cascade(parallel=False).needs_judge(Unscored('scorer: timeout'))


def test_rules_and_judge_have_postprocessors_of_their_own() -> None:
    rules = {'type': 'AccEvaluator', 'pred_postprocessor': {'type': 'final-number'}}
    llm = {**LLM, 'pred_postprocessor': {'type': 'xml_tag_postprocessor', 'tag': '<a>'}}
    evaluator = cascade(rule_evaluator=rules, llm_evaluator=llm)
    [on_ruled], [on_judged] = evaluator.on_ruled, evaluator.on_judged
    assert on_ruled('It is 12.') == '12'
    assert on_judged('no <a>yes</a>') == 'yes'


def test_the_older_evaluator_has_its_arguments() -> None:
    cfg = {**LLM, 'type': 'opencompass.openicl.icl_evaluator.LMEvaluator', 'output_path': 'x'}
    assert isinstance(build(cfg), JudgedEvaluator)
    with pytest.raises(ConfigError, match='meta_review_prompt_template: LMEvaluator has no such'):
        build({**cfg, 'meta_review_prompt_template': TEMPLATE})


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'min_coverage': 90}, 'min_coverage is a share from 0 to 1, not 90'),
        ({'dict_postprocessor': {'type': 'builtins.dict'}}, 'makes no Verdicts; write a subclass'),
    ],
)
def test_mistakes_are_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        build({**LLM, **changes})


def test_a_cascade_ends_in_a_judge() -> None:
    with pytest.raises(ConfigError, match='llm_evaluator: AccEvaluator does not ask a judge'):
        cascade(llm_evaluator={'type': 'AccEvaluator'})
