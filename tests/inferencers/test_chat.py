from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.models import ScriptedChatModel
from evalkit.types import Sample
from tests.inferencers.questions import an_inferencer, keys, predict

ROUND = {'round': [{'role': 'HUMAN', 'prompt': '{q}?'}, {'role': 'BOT', 'prompt': '{a}'}]}

ROUNDS = Sample(5, {'q': ['one', 'two', 'three'], 'a': ['1', '2', '3']}, ['1', '2', '3'])

MESSAGES = [
    {'role': 'system', 'content': 'Be brief.'},
    {'role': 'user', 'content': 'one?'},
    {'role': 'assistant', 'content': '1'},
    {'role': 'user', 'content': 'two?'},
    {'role': 'assistant', 'content': '2'},
]


def chat(template: Any = ROUND, **arguments: Any) -> Any:
    return an_inferencer('ChatInferencer', template, **{'is_chat': True, **arguments})


def asked(inferencer: Any, sample: Sample) -> list[tuple[Any, Any]]:
    """Prompt and reference of each question."""
    return [(each.prompt, each.sample.reference) for each in inferencer.questions([sample])]


def user(text: str) -> dict[str, str]:
    return {'role': 'user', 'content': text}


def assistant(text: str) -> dict[str, str]:
    return {'role': 'assistant', 'content': text}


HISTORY = [user('one?'), assistant('1'), user('two?'), assistant('2'), user('three?')]


def test_the_last_answer_is_asked_after_the_true_ones() -> None:
    assert asked(chat(), ROUNDS) == [(HISTORY, '3')]


def test_every_answer_can_be_asked_after_the_true_ones() -> None:
    inferencer = chat(infer_mode='every_with_gt')
    assert asked(inferencer, ROUNDS) == [(HISTORY[:1], '1'), (HISTORY[:3], '2'), (HISTORY, '3')]
    questions = list(inferencer.questions([ROUNDS]))
    assert len({question.key for question in questions}) == 3
    assert {question.sample.index for question in questions} == {5}


def test_a_turn_awaits_the_answer_before_it() -> None:
    inferencer = chat(infer_mode='every')
    first, second, third = inferencer.questions([ROUNDS])
    assert [first.awaits, second.awaits, third.awaits] == [None, first.key, first.key]
    assert first.prompt == [user('one?')]
    assert [each.turn.number for each in (first, second, third)] == [1, 2, 3]
    assert [each.turn.user for each in (first, second, third)] == ['one?', 'two?', 'three?']


def test_the_own_answers_stand_in_the_prompts_of_later_turns() -> None:
    inferencer = chat(infer_mode='every')
    outputs: dict[str, str] = {}
    found = []
    for question, output in zip(
        inferencer.questions([ROUNDS], outputs), ['eins', '', '3'], strict=True
    ):
        found.append(question)
        outputs[question.key] = output
    assert found[2].prompt == [
        user('one?'),
        assistant('eins'),
        user('two?'),
        assistant(''),
        user('three?'),
    ]
    assert [question.awaits for question in found] == [None, None, None]
    assert [question.sample.reference for question in found] == ['1', '2', '3']


def test_a_turn_is_another_question_after_another_answer() -> None:
    inferencer = chat(infer_mode='every')
    first = next(inferencer.questions([ROUNDS]))
    keys_after = [
        [question.key for question in inferencer.questions([ROUNDS], {first.key: output})][1:]
        for output in ('eins', 'une')
    ]
    assert not set(keys_after[0]) & set(keys_after[1])


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"unknown infer_mode 'lats'; did you mean last"):
        chat(infer_mode='lats')


def test_a_row_of_texts_is_one_round() -> None:
    assert asked(chat(), Sample(0, {'q': 'one', 'a': '1'}, '1')) == [([user('one?')], '1')]
    assert asked(chat('{q}!'), Sample(0, {'q': 'one', 'a': '1'}, '1')) == [([user('one!')], '1')]


def test_a_column_may_hold_the_messages() -> None:
    row = Sample(0, {'q': MESSAGES, 'a': None}, None)
    assert asked(chat(), row) == [(MESSAGES[:4], '2')]
    other = Sample(0, {'dialogue': MESSAGES, 'q': 'x', 'a': None}, None)
    columns = ['q', 'dialogue']
    assert asked(chat(input_columns=columns, infer_mode='every_with_gt'), other) == [
        (MESSAGES[:2], '1'),
        (MESSAGES[:4], '2'),
    ]


def test_a_base_model_gets_the_conversation_as_one_text() -> None:
    assert asked(chat(is_chat=False), ROUNDS) == [('one?\n1\ntwo?\n2\nthree?', '3')]


def test_the_answer_is_a_prediction_with_the_reference_of_its_round() -> None:
    inferencer = chat(infer_mode='every_with_gt')
    model = ScriptedChatModel(answers={'one?': '1', 'two?': 'zwei', 'three?': '3'})
    found = [predict(inferencer, model, question) for question in inferencer.questions([ROUNDS])]
    assert [(each.output, each.reference) for each in found] == [
        ('1', '1'),
        ('zwei', '2'),
        ('3', '3'),
    ]


def test_repeats_have_keys_of_their_own() -> None:
    assert len(set(keys(chat(num_repeats=2, infer_mode='every_with_gt'), [ROUNDS]))) == 6


def test_arguments_of_a_generation_are_taken() -> None:
    [question] = chat(max_out_len=7).questions([ROUNDS])
    assert question.requests[0].params.max_out_len == 7


@pytest.mark.parametrize(
    ('fields', 'error'),
    [
        ({'q': ['one'], 'a': ['1', '2']}, 'sample 0: the columns q, a differ in their rounds'),
        ({'q': 7, 'a': '1'}, 'sample 0: ChatInferencer needs input columns that are texts'),
        ({'q': MESSAGES[:2], 'a': ''}, 'sample 0: its conversation has no turn of the assistant'),
    ],
)
def test_a_row_that_is_no_conversation_is_refused(fields: dict[str, Any], error: str) -> None:
    with pytest.raises(ConfigError, match=f'^{error}'):
        asked(chat(), Sample(0, fields, None))


def test_a_role_that_is_none_of_a_conversation_is_refused() -> None:
    template = {'round': [{'role': 'TOOL', 'prompt': '{q}'}]}
    with pytest.raises(ConfigError, match='knows the roles SYSTEM, HUMAN, BOT, not'):
        asked(chat(template), ROUNDS)
