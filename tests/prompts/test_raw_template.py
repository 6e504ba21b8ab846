from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.prompts import RawPromptTemplate
from tests.prompts.vectors import BASE_META, ROW, assistant, prompter, system, user

RAW = {
    'type': RawPromptTemplate,
    'messages': [system('sys'), '</E>', user('Q:{q}'), assistant('{a}')],
}
EXAMPLE = {
    'type': RawPromptTemplate,
    'messages': [user('Q:{q}'), assistant('{a}')],
}


def test_a_chat_model_gets_the_messages_as_they_are() -> None:
    made = prompter(is_chat=True, ice_template=EXAMPLE, prompt_template=RAW)
    assert made.gen_prompt(ROW, [{'q': '1+1', 'a': 2}]) == [
        system('sys'),
        user('Q:1+1'),
        assistant('2'),
        user('Q:2+2'),
    ]


def test_the_answer_is_blank_for_generation_and_there_for_scoring() -> None:
    made = prompter(is_chat=True, prompt_template=RAW)
    assert made.gen_prompt(ROW, []) == [system('sys'), user('Q:2+2')]
    assert made.label_prompt(ROW, [], 5) == [system('sys'), user('Q:2+2'), assistant('5')]


def test_a_last_turn_that_the_assistant_has_begun_is_kept() -> None:
    raw = {'type': RawPromptTemplate, 'messages': [user('{q}'), assistant('Let me think.')]}
    made = prompter(is_chat=True, prompt_template=raw)
    assert made.gen_prompt(ROW, []) == [user('2+2'), assistant('Let me think.')]


def test_a_base_model_gets_the_messages_as_a_dialogue() -> None:
    assert prompter(prompt_template=RAW).gen_prompt(ROW, []) == 'sys\nQ:2+2'
    assert prompter(BASE_META, prompt_template=RAW).gen_prompt(ROW, []) == (
        '<s><|S|>sys<|e|>\n<|U|>Q:2+2<|e|>\n<|A|>'
    )


@pytest.mark.parametrize('meta_template', [None, BASE_META])
@pytest.mark.parametrize(
    'message',
    [{'role': 'tool', 'content': '4'}, {'role': 'system', 'content': '', 'tools': '[]'}],
)
def test_tools_are_refused_for_a_base_model_and_reach_a_chat_model(
    meta_template: Any, message: dict[str, str]
) -> None:
    raw = {'type': RawPromptTemplate, 'messages': [{'expand_column': 'q'}, user('go on')]}
    row = {'q': [message], 'a': ''}
    with pytest.raises(ConfigError, match='a base model has no place for: ask a chat model'):
        prompter(meta_template, prompt_template=raw).gen_prompt(row, [])
    asked = prompter(is_chat=True, prompt_template=raw).gen_prompt(row, [])
    assert asked == [message, user('go on')]


def test_a_column_of_messages_is_expanded() -> None:
    template = RawPromptTemplate([{'expand_column': 'history'}, user('{q}')])
    history = [user('hi {q}'), assistant('hello')]
    assert template.render({'history': history, 'q': 'x'}) == [*history, user('x')]


def test_braces_can_be_left_alone() -> None:
    assert RawPromptTemplate([user('{q}')], format_variables=False).render({'q': 1}) == [
        user('{q}')
    ]


@pytest.mark.parametrize(
    ('row', 'message'),
    [
        ({'histories': []}, "column 'history' holds no list.*did you mean histories"),
        ({'history': 'hi'}, "column 'history' holds no list of messages but 'hi'"),
        ({'history': [{'role': 'user'}]}, r'history\[0\] must be \{role, content\}'),
        ({'history': [{'role': 'bot', 'content': ''}]}, r"history\[0\].role is 'bot'"),
        ({'history': [{'role': 'user', 'content': []}]}, r'history\[0\].content must be a text'),
    ],
)
def test_a_column_that_holds_no_messages_is_named(row: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        RawPromptTemplate([{'expand_column': 'history'}]).render(row)


@pytest.mark.parametrize(
    ('messages', 'message'),
    [
        ('hi', 'messages must be a list'),
        ([], 'messages must be a list'),
        (['hi'], r'messages\[0\] is a text that is not </E>'),
        ([{'role': 'HUMAN', 'content': 'x'}], r"messages\[0\].role is 'HUMAN'; it must be system"),
        ([{'role': 'user', 'prompt': 'x'}], r'messages\[0\] must be \{role, content\}'),
        ([3], r'messages\[0\] must be \{role, content\}'),
    ],
)
def test_messages_of_a_wrong_shape_are_refused(messages: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        RawPromptTemplate(messages)


def test_examples_of_another_kind_are_refused() -> None:
    text = {'type': 'evalkit.prompts.PromptTemplate', 'template': '{q}'}
    made = prompter(is_chat=True, ice_template=text, prompt_template=RAW)
    with pytest.raises(ConfigError, match='takes examples from a RawPromptTemplate only'):
        made.gen_prompt(ROW, [ROW])
