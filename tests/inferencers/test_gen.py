import pytest

from evalkit.errors import ConfigError
from evalkit.models import ScriptedChatModel, ScriptedModel
from evalkit.types import Prediction, Sample, Scoring, Usage
from tests.inferencers.questions import SAMPLES, an_inferencer, keys, predict, prompts


def test_a_sample_is_asked_with_its_output_column_blank() -> None:
    assert prompts(an_inferencer()) == ['Q:one\nA:', 'Q:two\nA:']


def test_a_chat_model_is_asked_messages() -> None:
    template = {'round': [{'role': 'HUMAN', 'prompt': '{q}'}, {'role': 'BOT', 'prompt': '{a}'}]}
    inferencer = an_inferencer(template=template, is_chat=True)
    assert prompts(inferencer, SAMPLES[:1]) == [[{'role': 'user', 'content': 'one\n'}]]
    [question] = inferencer.questions(SAMPLES[:1])
    assert predict(inferencer, ScriptedChatModel(default='eins'), question).output == 'eins'


def test_an_answer_becomes_the_record_of_its_sample() -> None:
    inferencer = an_inferencer()
    question = next(inferencer.questions(SAMPLES))
    answers = {'one': {'text': '1 is', 'finish_reason': 'length'}}
    assert predict(inferencer, ScriptedModel(answers=answers), question) == Prediction(
        index=4,
        key=question.key,
        prompt='Q:one\nA:',
        output='1 is',
        reference='1',
        finish_reason='length',
        usage=Usage(prompt_tokens=2, output_tokens=2),
        seconds=1.5,
    )


def test_a_failure_becomes_a_record_with_an_error() -> None:
    inferencer = an_inferencer()
    question = next(inferencer.questions(SAMPLES))
    prediction = predict(inferencer, ScriptedModel(error_on='one'), question)
    assert prediction.error == "bad_request: the prompt has 'one'"
    assert (prediction.is_answer, prediction.status, prediction.output) == (False, 'error', '')


def test_repeats_are_questions_of_their_own() -> None:
    inferencer = an_inferencer(num_repeats=3)
    questions = list(inferencer.questions(SAMPLES))
    found = [(question.sample.index, question.repeat) for question in questions]
    assert found == [(4, 0), (4, 1), (4, 2), (7, 0), (7, 1), (7, 2)]
    assert len({question.key for question in questions}) == 6
    assert {question.requests[0].params.seed for question in questions} == {None}


def test_with_a_seed_each_repeat_has_its_own() -> None:
    inferencer = an_inferencer(num_repeats=3, generation_kwargs={'seed': 10})
    seeds = [question.requests[0].params.seed for question in inferencer.questions(SAMPLES[:1])]
    assert seeds == [10, 11, 12]


def test_more_repeats_leave_the_first_ones_as_they_are() -> None:
    three, five = an_inferencer(num_repeats=3), an_inferencer(num_repeats=5)
    assert keys(five, SAMPLES[:1])[:3] == keys(three, SAMPLES[:1])


def test_samples_that_ask_the_same_have_one_key() -> None:
    again = Sample(9, {'q': 'one', 'a': 'another'}, 'another')
    first, _, third = keys(an_inferencer(), [*SAMPLES, again])
    assert first == third


def test_whatever_decides_an_answer_is_in_its_key() -> None:
    usual = keys(an_inferencer())
    assert keys(an_inferencer(batch_size=4, save_every=2)) == usual
    for changed in (
        an_inferencer(identity='another'),
        an_inferencer(template='Q: {q}\nA:{a}'),
        an_inferencer(max_out_len=511),
        an_inferencer(stopping_criteria=['x']),
        an_inferencer(model_cfg={'generation_kwargs': {'top_p': 0.5}}),
    ):
        assert set(keys(changed)).isdisjoint(usual)


def test_a_scoring_is_no_answer_to_a_generation() -> None:
    inferencer = an_inferencer()
    question = next(inferencer.questions(SAMPLES))
    with pytest.raises(TypeError, match='answered by a Completion, not Scoring'):
        inferencer.prediction(question, [Scoring(question.key, -1.0, 1)], 0.0)


@pytest.mark.parametrize('kind', ['GenInferencer', 'ChatInferencer'])
def test_a_temperature_beside_the_kwargs_means_the_same_as_among_them(kind: str) -> None:
    beside = an_inferencer(kind, temperature=0.7, generation_kwargs={'top_p': 0.9})
    among = an_inferencer(kind, generation_kwargs={'top_p': 0.9, 'temperature': 0.7})
    assert beside.params == among.params
    assert (beside.params.temperature, beside.params.top_p) == (0.7, 0.9)


def test_two_temperatures_that_differ_are_refused() -> None:
    with pytest.raises(ConfigError, match=r'temperature=0.7 and .*temperature=0.2 differ'):
        an_inferencer(temperature=0.7, generation_kwargs={'temperature': 0.2})
