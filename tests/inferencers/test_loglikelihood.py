from typing import Any

import pytest

from evalkit.config import resolve_type
from evalkit.errors import ConfigError
from evalkit.inferencers import CLPInferencer, LLInferencer
from evalkit.models import ScriptedModel
from evalkit.types import Prediction, Sample, Scoring, Usage
from tests.inferencers.questions import SAMPLES, an_inferencer, keys, predict

TROPHY = Sample(2, {'q': 'It did not fit, since the', 'cont': ' was too big.', 'a': 'B'}, 'B')
WHO = {'A': '{q} case{cont}', 'B': '{q} trophy{cont}'}

COLOUR = Sample(
    3, {'q': 'The sky is', 'choices': [' red', ' blue', ' green'], 'a': ' blue'}, ' blue'
)


def asked(inferencer: Any, sample: Sample) -> list[tuple[Any, Any]]:
    [question] = inferencer.questions([sample])
    return [(request.context, request.continuation) for request in question.requests]


def answered(inferencer: Any, sample: Sample, *scorings: tuple[float, int]) -> Prediction:
    """The prediction for a sample, from (logprob, tokens) of each label."""
    [question] = inferencer.questions([sample])
    answers = [
        Scoring(request.key, logprob, num_tokens, usage=Usage(prompt_tokens=9))
        for request, (logprob, num_tokens) in zip(question.requests, scorings, strict=True)
    ]
    found: Prediction = inferencer.prediction(question, answers, 1.5)
    return found


def test_the_column_cont_is_scored_after_each_label() -> None:
    inferencer = an_inferencer('LLInferencer', WHO)
    assert asked(inferencer, TROPHY) == [
        ('It did not fit, since the case', ' was too big.'),
        ('It did not fit, since the trophy', ' was too big.'),
    ]
    [question] = inferencer.questions([TROPHY])
    assert question.prompt['B'] == 'It did not fit, since the trophy was too big.'


def test_the_highest_sum_of_log_probabilities_is_the_answer() -> None:
    # A token, 'A' is likelier (-1 > -1.5); as a whole, 'B' is.
    prediction = answered(an_inferencer('LLInferencer', WHO), TROPHY, (-4.0, 4), (-3.0, 2))
    assert (prediction.output, prediction.extra) == ('B', {'logprobs': {'A': -4.0, 'B': -3.0}})
    assert (prediction.usage.prompt_tokens, prediction.reference) == (18, 'B')
    assert answered(an_inferencer('LLInferencer', WHO), TROPHY, (-3.0, 4), (-3.0, 2)).output == 'A'


def test_without_a_column_cont_the_label_is_scored() -> None:
    inferencer = an_inferencer('LLInferencer', 'Q:{q} A: {a}', labels=['yes', 'no'])
    assert asked(inferencer, SAMPLES[0]) == [('Q:one A: ', 'yes'), ('Q:one A: ', 'no')]
    model = ScriptedModel(answers={'one': 'no', 'two': 'yes'})
    outputs = [predict(inferencer, model, each).output for each in inferencer.questions(SAMPLES)]
    assert outputs == ['no', 'yes']


def test_a_chat_model_is_scored_on_the_turn_of_the_assistant() -> None:
    template = {'round': [{'role': 'HUMAN', 'prompt': '{q}?'}, {'role': 'BOT', 'prompt': '{a}'}]}
    inferencer = an_inferencer('LLInferencer', template, is_chat=True, labels=['yes', 'no'])
    user = {'role': 'user', 'content': 'one?\n'}
    assert asked(inferencer, SAMPLES[0]) == [([user], 'yes'), ([user], 'no')]
    [question] = inferencer.questions(SAMPLES[:1])
    assert question.prompt['no'] == [user, {'role': 'assistant', 'content': 'no'}]


def test_a_prompt_that_goes_on_after_the_end_is_refused() -> None:
    inferencer = an_inferencer('LLInferencer', {'A': '{q}{cont} So A', 'B': '{q}{cont} So B'})
    with pytest.raises(ConfigError, match=r"does not end with ' was too big\.', the column cont"):
        asked(inferencer, TROPHY)


def test_where_a_prompt_is_cut_is_part_of_its_key() -> None:
    usual = keys(an_inferencer('LLInferencer', WHO), [TROPHY])
    assert keys(an_inferencer('PPLInferencer', WHO), [TROPHY]) != usual
    other = Sample(2, {**TROPHY.fields, 'q': 'It did not fit, since the', 'cont': ' big.'}, 'B')
    template = {'A': '{q} case was too{cont}', 'B': '{q} trophy was too{cont}'}
    inferencer = an_inferencer('LLInferencer', template)
    [question], [shifted] = (
        list(an_inferencer('LLInferencer', WHO).questions([TROPHY])),
        list(inferencer.questions([other])),
    )
    assert question.prompt == shifted.prompt
    assert question.key != shifted.key


def test_each_choice_is_scored_after_the_prompt_of_a_generation() -> None:
    inferencer = an_inferencer('CLPInferencer', '{q}{a}')
    assert asked(inferencer, COLOUR) == [
        ('The sky is', ' red'),
        ('The sky is', ' blue'),
        ('The sky is', ' green'),
    ]
    [question] = inferencer.questions([COLOUR])
    assert set(question.prompt.values()) == {'The sky is'}


def test_choices_have_probabilities_that_add_up_to_1() -> None:
    # e^-3, e^-2 and e^-2 over their sum.
    prediction = answered(
        an_inferencer('CLPInferencer', '{q}{a}'), COLOUR, (-803.0, 1), (-802.0, 1), (-802.0, 1)
    )
    assert prediction.output == ' blue'
    assert prediction.extra['probabilities'] == pytest.approx(
        {' red': 0.15536240, ' blue': 0.42231880, ' green': 0.42231880}
    )


def test_a_choice_of_several_tokens_fails_unless_they_may_be_added_up() -> None:
    scorings = [(-3.0, 1), (-2.0, 2), (-4.0, 1)]
    prediction = answered(an_inferencer('CLPInferencer', '{q}{a}'), COLOUR, *scorings)
    assert prediction.error == (
        'bad_request: a choice has 2 tokens, and single_token wants one: '
        'shorten the choices, or give single_token=False'
    )
    several = an_inferencer('CLPInferencer', '{q}{a}', single_token=False)
    assert answered(several, COLOUR, *scorings).output == ' blue'


def test_rows_need_choices() -> None:
    with pytest.raises(ConfigError, match='needs a list of choices in the column `choices`'):
        asked(an_inferencer('CLPInferencer', '{q}{a}'), SAMPLES[0])
    with pytest.raises(ConfigError, match='give fix_id_list to the retriever'):
        an_inferencer('CLPInferencer', fix_id_list=[0])


def test_choices_are_asked_apart_from_likelihoods() -> None:
    row = Sample(1, {'q': 'x', 'a': '', 'choices': ['yes', 'no']}, '')
    choices = keys(an_inferencer('CLPInferencer', '{q}{a}'), [row])
    assert keys(an_inferencer('LLInferencer', '{q}{a}', labels=['yes', 'no']), [row]) != choices


def test_the_names_of_opencompass_are_those_of_evalkit() -> None:
    assert resolve_type('opencompass.openicl.icl_inferencer.LLInferencer') is LLInferencer
    assert resolve_type('opencompass.openicl.icl_inferencer.CLPInferencer') is CLPInferencer
