"""The prompts that OpenCompass makes, byte for byte."""

from typing import Any

import pytest

from evalkit.prompts import ZeroRetriever
from tests.prompts.vectors import (
    API_META,
    BASE_META,
    EXAMPLE,
    ROW,
    assistant,
    prompter,
    system,
    user,
)

CHAT = [user('sys\nQ:1+1\n'), assistant('A:2'), user('Q:2+2\n')]
API = [system('sys'), user('Q:1+1'), assistant('A:2'), user('Q:2+2')]


def test_a_base_model_with_a_meta_template_stops_after_the_begin_of_its_turn() -> None:
    assert prompter(BASE_META).gen_prompt(ROW, [EXAMPLE]) == (
        '<s><|S|>sys<|e|>\n<|U|>Q:1+1<|e|>\n<|A|>A:2<|e|>\n<|U|>Q:2+2<|e|>\n<|A|>'
    )


def test_a_base_model_with_a_meta_template_is_scored_on_the_whole_dialogue() -> None:
    assert prompter(BASE_META).label_prompt(ROW, [EXAMPLE], 4) == (
        '<s><|S|>sys<|e|>\n<|U|>Q:1+1<|e|>\n<|A|>A:2<|e|>\n<|U|>Q:2+2<|e|>\n<|A|>A:4<|e|>\n</s>'
    )


def test_a_base_model_without_a_meta_template_gets_lines() -> None:
    assert prompter().gen_prompt(ROW, [EXAMPLE]) == 'sys\nQ:1+1\nA:2\nQ:2+2\nA:'
    assert prompter().label_prompt(ROW, [EXAMPLE], 4) == 'sys\nQ:1+1\nA:2\nQ:2+2\nA:4'


def test_a_chat_model_without_a_meta_template_gets_system_as_user_text_and_a_newline_a_turn() -> (
    None
):
    assert prompter(is_chat=True).gen_prompt(ROW, [EXAMPLE]) == CHAT
    assert prompter(is_chat=True).label_prompt(ROW, [EXAMPLE], 4) == [*CHAT, assistant('A:4')]


def test_a_chat_model_whose_meta_template_reserves_system_gets_a_system_message() -> None:
    assert prompter(API_META, is_chat=True).gen_prompt(ROW, [EXAMPLE]) == API
    labelled = prompter(API_META, is_chat=True).label_prompt(ROW, [EXAMPLE], 4)
    assert labelled == [*API, assistant('A:4')]


def test_a_system_turn_in_every_round_adds_a_line_break_where_it_says_nothing() -> None:
    meta = {'round': [*API_META['reserved_roles'], *API_META['round']]}
    prompt = prompter(meta, is_chat=True).gen_prompt(ROW, [EXAMPLE])
    assert prompt == [system('sys\n'), *API[1:]]


@pytest.mark.parametrize(
    ('meta_template', 'is_chat', 'expected'),
    [
        (BASE_META, False, '<s><|S|>sys<|e|>\n<|U|>Q:2+2<|e|>\n<|A|>'),
        (None, False, 'sys\nQ:2+2\nA:'),
        (None, True, [user('sys\nQ:2+2\n')]),
        (API_META, True, [system('sys'), user('Q:2+2')]),
    ],
)
def test_without_examples_nothing_stands_in_their_place(
    meta_template: dict[str, Any] | None, is_chat: bool, expected: Any
) -> None:
    made = prompter(meta_template, is_chat=is_chat, retriever={'type': ZeroRetriever})
    assert made.gen_prompt(ROW, []) == expected


def test_an_empty_place_for_examples_at_the_very_beginning_leaves_its_line_break() -> None:
    template = {
        'type': 'evalkit.prompts.PromptTemplate',
        'template': {'begin': '</E>', 'round': [{'role': 'HUMAN', 'prompt': '{q}'}]},
        'ice_token': '</E>',
    }
    made = prompter(prompt_template=template, retriever={'type': ZeroRetriever})
    assert made.gen_prompt(ROW, []) == '\n2+2'
