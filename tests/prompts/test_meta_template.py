from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.prompts import MetaTemplate, PromptTemplate
from evalkit.prompts.dialogue import Block, Dialogue, Item, Turn
from tests.prompts.vectors import API_META, BASE_META, assistant, system, user

HUMAN, BOT = Turn('HUMAN', 'hi'), Turn('BOT', 'hello')


def opened(*items: Item) -> Dialogue:
    return (Block(items, is_open=True),)


def test_a_text_is_one_user_message_of_a_chat_model_and_stays_a_text_for_a_base_model() -> None:
    assert MetaTemplate(None, is_chat=True).prompt('hi', 'gen') == [user('hi')]
    assert MetaTemplate(API_META, is_chat=True).prompt('hi', 'gen') == [user('hi')]
    assert MetaTemplate(BASE_META, is_chat=False).prompt('hi', 'gen') == 'hi'


def test_a_dialogue_of_several_rounds_stops_before_the_last_turn_of_the_model() -> None:
    rounds = opened(HUMAN, BOT, Turn('HUMAN', 'more'), Turn('BOT', 'ANSWER'))
    assert MetaTemplate(API_META, is_chat=True).prompt(rounds, 'gen') == [
        user('hi'),
        assistant('hello'),
        user('more'),
    ]
    assert MetaTemplate(BASE_META, is_chat=False).prompt(rounds, 'gen') == (
        '<s><|U|>hi<|e|>\n<|A|>hello<|e|>\n<|U|>more<|e|>\n<|A|>'
    )


def test_a_dialogue_that_ends_with_the_user_is_the_models_turn() -> None:
    assert MetaTemplate(BASE_META, is_chat=False).prompt(opened(HUMAN), 'gen') == (
        '<s><|U|>hi<|e|>\n<|A|>'
    )


def test_what_stands_after_the_models_turn_is_scored_but_not_shown() -> None:
    dialogue = (*opened(HUMAN, BOT), Turn('HUMAN', 'bye'))
    meta = MetaTemplate(API_META, is_chat=True)
    assert meta.prompt(dialogue, 'gen') == [user('hi')]
    assert meta.prompt(dialogue, 'ppl') == [user('hi'), assistant('hello'), user('bye')]


def test_neighbours_of_one_role_are_merged_with_a_line_break() -> None:
    dialogue = (Turn('HUMAN', 'first'), *opened(HUMAN))
    assert MetaTemplate(API_META, is_chat=True).prompt(dialogue, 'gen') == [user('first\nhi')]


def test_a_turn_may_bring_marks_of_its_own() -> None:
    turn = Turn('HUMAN', 'hi', begin='<q>', end='</q>')
    assert MetaTemplate(BASE_META, is_chat=False).prompt(opened(turn), 'gen') == '<s><q>hi</q><|A|>'


def test_text_between_the_roles_of_a_meta_template_is_kept() -> None:
    meta = {
        'round': [{'role': 'HUMAN'}, '\n###\n', {'role': 'BOT', 'begin': 'A:', 'generate': True}]
    }
    assert MetaTemplate(meta, is_chat=False).prompt(opened(HUMAN), 'gen') == 'hi\n###\nA:'


def test_a_reserved_role_inside_the_round_is_not_lost() -> None:
    dialogue = opened(Turn('SYSTEM', 'sys', fallback_role='HUMAN'), HUMAN, BOT)
    assert MetaTemplate(API_META, is_chat=True).prompt(dialogue, 'gen') == [
        system('sys'),
        user('hi'),
    ]


def test_the_opening_of_a_chat_meta_template_comes_first() -> None:
    meta = {
        **API_META,
        'begin': {'role': 'SYSTEM', 'api_role': 'SYSTEM', 'prompt': 'be good'},
    }
    assert MetaTemplate(meta, is_chat=True).prompt(opened(HUMAN), 'gen') == [
        system('be good'),
        user('hi'),
    ]


def test_a_role_may_have_a_text_that_it_says_by_default() -> None:
    reserved = [{'role': 'SYSTEM', 'api_role': 'SYSTEM', 'prompt': 'default'}]
    meta = {'round': [*reserved, *API_META['round']]}
    assert MetaTemplate(meta, is_chat=True).prompt(opened(HUMAN), 'gen') == [
        system('default'),
        user('hi'),
    ]


def test_an_empty_question_is_still_a_question() -> None:
    assert MetaTemplate(API_META, is_chat=True).prompt(opened(Turn('HUMAN')), 'gen') == [user('')]


def test_openai_names_are_api_roles_too() -> None:
    meta = {'round': [{'role': 'HUMAN', 'api_role': 'user'}]}
    assert MetaTemplate(meta, is_chat=True).prompt(opened(HUMAN), 'ppl') == [user('hi')]


def test_an_unknown_role_without_a_fallback_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"no role 'HUMMAN' \(it has HUMAN.*did you mean HUMAN"):
        MetaTemplate(None, is_chat=True).prompt(opened(Turn('HUMMAN', 'x')), 'gen')


def test_a_text_without_a_role_is_refused_for_a_chat_model() -> None:
    template = PromptTemplate({'begin': 'Read.', 'round': [{'role': 'HUMAN', 'prompt': 'x'}]})
    meta = MetaTemplate(None, is_chat=True)
    with pytest.raises(ConfigError, match="a chat model needs a role for the text 'Read"):
        meta.prompt(template.render({}), 'gen')
    assert MetaTemplate(None, is_chat=False).prompt(template.render({}), 'gen') == 'Read.\nx'


def test_a_role_without_an_api_role_is_refused_for_a_chat_model() -> None:
    with pytest.raises(ConfigError, match='the role HUMAN has the api_role None'):
        MetaTemplate({'round': BASE_META['round']}, is_chat=True).prompt(opened(HUMAN), 'gen')


@pytest.mark.parametrize(
    ('meta_template', 'message'),
    [
        ([{'role': 'user', 'content': 'x'}], r'meta_template must be dict\(round='),
        ({'rounds': []}, "no key 'rounds'; did you mean round"),
        ({'begin': '<s>'}, 'meta_template needs a `round`'),
        ({'round': {'role': 'HUMAN'}}, 'meta_template.round must be a list'),
        ({'round': [{'begin': 'x'}]}, r'meta_template.round\[0\] must be dict\(role, begin, end'),
        ({'round': [{'role': 'HUMAN', 'apirole': 'x'}]}, "no key 'apirole'; did you mean api_role"),
        ({'round': [{'role': 'HUMAN', 'begin': [1]}]}, r'round\[0\].begin must be a text'),
        ({'round': [{'role': 'A'}, {'role': 'A'}]}, 'declares a role twice: A, A'),
        ({'round': [{'role': 'A'}], 'begin': {'role': 'A'}}, 'begin must be a text for a base'),
    ],
)
def test_a_meta_template_of_a_wrong_shape_is_refused(
    meta_template: dict[str, Any] | None, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        MetaTemplate(meta_template, is_chat=False)


def test_an_end_has_no_place_in_messages() -> None:
    with pytest.raises(ConfigError, match=r'meta_template\.end has no place'):
        MetaTemplate({**API_META, 'end': '</s>'}, is_chat=True)
