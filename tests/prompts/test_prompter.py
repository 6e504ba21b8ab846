from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.prompts import FixKRetriever, Prompter, PromptTemplate, ZeroRetriever
from tests.prompts.vectors import API_META, DIALOGUE, EXAMPLE, ROW, assistant, prompter, user

TEXT = {'type': PromptTemplate, 'template': '</E>Q:{q}\nA:{a}', 'ice_token': '</E>'}
LABELLED = {
    'type': PromptTemplate,
    'template': {'2': '</E>{q}? two', '4': '</E>{q}? four'},
    'ice_token': '</E>',
}


def test_text_examples_are_separated_and_ended_by_line_breaks() -> None:
    assert prompter(ice_template=TEXT).gen_prompt(ROW, [EXAMPLE, EXAMPLE]) == (
        'Q:1+1\nA:2\nQ:1+1\nA:2\nQ:2+2\nA:'
    )


def test_the_retriever_says_what_separates_and_ends_text_examples() -> None:
    retriever = {
        'type': FixKRetriever,
        'fix_id_list': [0, 0],
        'ice_separator': '##',
        'ice_eos_token': '@@',
    }
    made = prompter(ice_template=TEXT, retriever=retriever)
    assert made.gen_prompt(ROW, [EXAMPLE, EXAMPLE]) == 'Q:1+1\nA:2##Q:1+1\nA:2@@Q:2+2\nA:'


def test_zero_examples_leave_nothing() -> None:
    made = prompter(ice_template=TEXT, retriever={'type': ZeroRetriever})
    assert made.gen_prompt(ROW, []) == 'Q:2+2\nA:'


def test_text_examples_are_one_user_message_with_the_question_for_a_chat_model() -> None:
    made = prompter(is_chat=True, ice_template=TEXT)
    assert made.gen_prompt(ROW, [EXAMPLE]) == [user('Q:1+1\nA:2\nQ:2+2\nA:')]


def test_the_prompt_may_have_a_template_of_its_own() -> None:
    made = prompter(
        ice_template={'type': PromptTemplate, 'template': '{q} = {a}'},
        prompt_template={
            'type': PromptTemplate,
            'template': 'Sums:\n</E>{q} =',
            'ice_token': '</E>',
        },
    )
    assert made.gen_prompt(ROW, [EXAMPLE]) == 'Sums:\n1+1 = 2\n2+2 ='


def test_the_output_column_is_blank_in_a_question_and_the_row_is_not_changed() -> None:
    row = dict(ROW)
    assert prompter(ice_template=TEXT).gen_prompt(row, []) == '\nQ:2+2\nA:'
    assert row == ROW


def test_without_an_output_column_nothing_is_blank() -> None:
    made = prompter(ice_template=TEXT, output_column=None, retriever={'type': ZeroRetriever})
    assert made.gen_prompt(ROW, []) == 'Q:2+2\nA:4'


def test_labels_are_those_of_the_template() -> None:
    assert prompter(ice_template=LABELLED).labels == ['2', '4']
    assert prompter().labels is None


def test_labels_of_the_prompt_template_go_before_those_of_the_examples() -> None:
    prompt = {'type': PromptTemplate, 'template': {'x': '</E>1', 'y': '</E>2'}, 'ice_token': '</E>'}
    assert prompter(ice_template=LABELLED, prompt_template=prompt).labels == ['x', 'y']
    plain = {'type': PromptTemplate, 'template': '{q}'}
    assert prompter(ice_template=LABELLED, prompt_template=plain).labels == ['2', '4']


def test_each_label_has_its_prompt_and_an_example_shows_its_own_answer() -> None:
    made = prompter(ice_template=LABELLED)
    assert made.label_prompt(ROW, [EXAMPLE], '2') == '1+1? two\n2+2? two'
    assert made.label_prompt(ROW, [EXAMPLE], '4') == '1+1? two\n2+2? four'


def test_a_label_fills_the_output_column_of_a_template_that_serves_all() -> None:
    assert prompter().label_prompt(ROW, [], 5) == 'sys\nQ:2+2\nA:5'


def test_labelled_templates_with_roles_keep_the_separators_that_opencompass_gives_them() -> None:
    shapes = {
        label: {
            'begin': '</E>',
            'round': [{'role': 'HUMAN', 'prompt': '{q}'}, {'role': 'BOT', 'prompt': label}],
        }
        for label in ('2', '4')
    }
    template = {'type': PromptTemplate, 'template': shapes, 'ice_token': '</E>'}
    base = prompter(ice_template=template)
    assert base.label_prompt(ROW, [EXAMPLE], '4') == '1+1\n2\n\n\n\n\n2+2\n4'
    chat = prompter(API_META, is_chat=True, ice_template=template)
    assert chat.label_prompt(ROW, [EXAMPLE], '4') == [
        user('1+1'),
        assistant('2'),
        user('2+2'),
        assistant('4'),
    ]


def test_examples_without_a_template_are_refused() -> None:
    made = prompter(prompt_template=TEXT)
    with pytest.raises(ConfigError, match='FixKRetriever finds examples, but infer_cfg has no ice'):
        made.gen_prompt(ROW, [EXAMPLE])


@pytest.mark.parametrize('ice_token', [None, '</E>'])
def test_examples_without_a_place_are_refused(ice_token: Any) -> None:
    shape = {'round': [{'role': 'HUMAN', 'prompt': '{q}'}]}
    prompt = {'type': PromptTemplate, 'template': shape, 'ice_token': ice_token}
    made = prompter(ice_template=DIALOGUE, prompt_template=prompt)
    with pytest.raises(ConfigError, match='the examples have no place in the prompt'):
        made.gen_prompt(ROW, [EXAMPLE])
    assert made.gen_prompt(ROW, []) == '2+2'


def test_an_infer_cfg_without_a_template_is_refused() -> None:
    with pytest.raises(ConfigError, match='needs a prompt_template, an ice_template, or both'):
        Prompter({}, {}, None, is_chat=False)


def test_a_retriever_may_be_left_out() -> None:
    made = Prompter({'prompt_template': TEXT}, {'output_column': 'a'}, None, is_chat=False)
    assert made.gen_prompt(ROW) == 'Q:2+2\nA:'
