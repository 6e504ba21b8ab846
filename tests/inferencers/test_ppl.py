import math
from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.models import ScriptedChatModel, ScriptedModel
from evalkit.types import Completion, Prediction, Scoring, Usage
from tests.inferencers.questions import SAMPLES, an_inferencer, keys, predict, prompts

YES_NO = {'yes': 'Q:{q} A: yes', 'no': 'Q:{q} A: no'}


def ppl(template: Any = YES_NO, **arguments: Any) -> Any:
    return an_inferencer('PPLInferencer', template, **arguments)


def answered(inferencer: Any, *scorings: tuple[float, int, str | None]) -> Prediction:
    """The prediction for the first sample, from (logprob, tokens, error) of each label."""
    question = next(inferencer.questions(SAMPLES))
    answers = [
        Scoring(request.key, logprob, num_tokens, usage=Usage(prompt_tokens=num_tokens), error=why)
        for request, (logprob, num_tokens, why) in zip(question.requests, scorings, strict=True)
    ]
    found: Prediction = inferencer.prediction(question, answers, 1.5)
    return found


def test_each_label_has_a_prompt_that_is_scored_whole() -> None:
    inferencer = ppl()
    assert prompts(inferencer)[0] == {'yes': 'Q:one A: yes', 'no': 'Q:one A: no'}
    question = next(inferencer.questions(SAMPLES))
    asked = [(request.context, request.continuation) for request in question.requests]
    assert asked == [('', 'Q:one A: yes'), ('', 'Q:one A: no')]
    assert len({request.key for request in question.requests}) == 2


def test_the_label_with_the_lowest_loss_a_token_is_the_answer() -> None:
    # 'no' is less likely as a whole (-12 < -6), and likelier a token (12/8 < 6/3).
    prediction = answered(ppl(), (-6.0, 3, None), (-12.0, 8, None))
    assert prediction.extra == {'losses': {'yes': 2.0, 'no': 1.5}}
    assert prediction.output == 'no'
    assert prediction.usage == Usage(prompt_tokens=11)
    assert (prediction.index, prediction.reference, prediction.seconds) == (4, '1', 1.5)
    assert prediction.status == 'ok'


def test_of_equal_losses_the_first_label_wins() -> None:
    assert answered(ppl(), (-2.0, 2, None), (-4.0, 4, None)).output == 'yes'


def test_one_label_that_fails_makes_the_sample_fail() -> None:
    prediction = answered(ppl(), (-1.0, 3, None), (-math.inf, 0, 'context_length: too long'))
    assert prediction.error == 'context_length: too long'
    assert (prediction.output, prediction.extra, prediction.status) == ('', {}, 'error')


@pytest.mark.parametrize(('logprob', 'num_tokens'), [(math.nan, 3), (-math.inf, 3), (0.0, 0)])
def test_a_label_without_a_number_makes_the_sample_fail(logprob: float, num_tokens: int) -> None:
    prediction = answered(ppl(), (logprob, num_tokens, None), (-1.0, 3, None))
    assert prediction.error == (
        f'bad_response: a log-probability of {logprob} over {num_tokens} tokens'
    )


def test_a_scripted_model_finds_its_answer_likeliest() -> None:
    inferencer = ppl()
    model = ScriptedModel(answers={'one': 'no', 'two': 'yes'})
    found = [
        predict(inferencer, model, question).output for question in inferencer.questions(SAMPLES)
    ]
    assert found == ['no', 'yes']


def test_a_chat_model_scores_a_dialogue_for_each_label() -> None:
    template = {
        label: {'round': [{'role': 'HUMAN', 'prompt': '{q}?'}, {'role': 'BOT', 'prompt': label}]}
        for label in ('yes', 'no')
    }
    inferencer = ppl(template, is_chat=True)
    question = next(inferencer.questions(SAMPLES))
    assert question.prompt['no'] == [
        {'role': 'user', 'content': 'one?\n'},
        {'role': 'assistant', 'content': 'no'},
    ]
    assert [request.continuation for request in question.requests] == list(question.prompt.values())
    model = ScriptedChatModel(answers={'one?': 'no'})
    assert predict(inferencer, model, question).output == 'no'


def test_labels_may_be_a_part_of_those_of_the_template_or_fill_the_output_column() -> None:
    assert list(prompts(ppl(labels=['no']))[0]) == ['no']
    assert prompts(ppl('Q:{q} A:{a}', labels=[0, 1]))[0] == {'0': 'Q:one A:0', '1': 'Q:one A:1'}


def test_labels_that_are_numbers_are_the_same_in_a_task_file() -> None:
    numbers: dict[Any, str] = {0: '{q} 0', 1: '{q} 1'}
    texts: dict[Any, str] = {'0': '{q} 0', '1': '{q} 1'}
    assert keys(ppl(numbers)) == keys(ppl(texts)) == keys(ppl(texts, labels=[0, 1]))
    assert answered(ppl(numbers), (-2.0, 1, None), (-1.0, 1, None)).output == '1'


def test_labels_and_prompts_are_in_the_key_and_sampling_is_not() -> None:
    usual = keys(ppl())
    accepted = {'max_seq_len': 9, 'max_out_len': 50, 'batch_size': 2, 'save_every': 1}
    assert keys(ppl(**accepted, generation_kwargs={'do_sample': False})) == usual
    assert keys(ppl(model_cfg={'generation_kwargs': {'temperature': 1.0}})) == usual
    assert set(keys(ppl({**YES_NO, 'no': 'Q:{q} A: nope'}))).isdisjoint(usual)
    assert set(keys(ppl(labels=['no', 'yes']))).isdisjoint(usual)
    assert set(keys(an_inferencer())).isdisjoint(usual)


def test_repeats_are_asked_once_since_nothing_is_drawn() -> None:
    assert len(keys(ppl(num_repeats=4))) == len(SAMPLES)


def test_without_labels_there_is_nothing_to_choose_from() -> None:
    with pytest.raises(ConfigError) as caught:
        ppl('Q:{q}')
    assert str(caught.value) == (
        'PPLInferencer needs a prompt_template (or ice_template) with a template for each label: '
        'template={label: ...}'
    )


def test_a_completion_is_no_answer_to_a_label() -> None:
    inferencer = ppl()
    question = next(inferencer.questions(SAMPLES))
    with pytest.raises(TypeError, match='answered by a Scoring, not Completion'):
        inferencer.prediction(question, [Completion('a', 'yes'), Completion('b', 'no')], 0.0)
