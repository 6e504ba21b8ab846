from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit.errors import ConfigError
from evalkit.prompts import PromptTemplate
from evalkit.prompts.dialogue import Block, Turn


def test_columns_are_replaced_and_unknown_braces_stay() -> None:
    template = PromptTemplate('{q} {unknown} {} {{q}} {"infer": 1}')
    assert template.render({'q': 'x'}) == 'x {unknown} {} {x} {"infer": 1}'


def test_a_question_that_contains_a_column_in_braces_does_not_leak_the_answer() -> None:
    row = {'question': 'What does {answer} mean?', 'answer': 'SECRET'}
    assert PromptTemplate('Q: {question}').render(row) == 'Q: What does {answer} mean?'


def test_an_example_that_contains_a_column_in_braces_does_not_leak_the_answer() -> None:
    template = PromptTemplate('</E>{q}', ice_token='</E>')
    assert template.render({'q': 'x', 'answer': 'SECRET'}, 'is it {answer}?\n') == (
        'is it {answer}?\nx'
    )


def test_a_question_that_contains_the_ice_token_gets_no_examples() -> None:
    template = PromptTemplate('</E>{q}', ice_token='</E>')
    assert template.render({'q': 'what is </E>?'}, 'example\n') == 'example\nwhat is </E>?'


@given(st.dictionaries(st.sampled_from('abc'), st.text('{}abc'), min_size=3))
def test_replacing_does_not_depend_on_the_order_of_the_columns(row: dict[str, str]) -> None:
    template = PromptTemplate('{a}|{b}|{c}')
    assert template.render(row) == f'{row["a"]}|{row["b"]}|{row["c"]}'
    assert template.render(dict(reversed(row.items()))) == template.render(row)


@pytest.mark.parametrize(
    ('value', 'text'),
    [(3, '3'), (0.5, '0.5'), (['a', 1], "['a', 1]"), (None, 'None'), ({'k': 1}, "{'k': 1}")],
)
def test_a_value_that_is_no_text_is_written_as_python_writes_it(value: Any, text: str) -> None:
    assert PromptTemplate('<{x}>').render({'x': value}) == f'<{text}>'


def test_tokens_can_stand_for_columns() -> None:
    template = PromptTemplate('</Q> then </A>', column_token_map={'q': '</Q>', 'a': '</A>'})
    assert template.render({'q': '</A>', 'a': 'x'}) == '</A> then x'


def test_a_token_whose_column_is_missing_stays() -> None:
    assert PromptTemplate('</Q>', column_token_map={'q': '</Q>'}).render({}) == '</Q>'


def test_a_separator_token_is_removed() -> None:
    assert PromptTemplate('{q}<SEP>{a}', sep_token='<SEP>').render({'q': 'x', 'a': 'y'}) == 'xy'


def test_a_template_for_each_label_is_chosen_by_the_label() -> None:
    template = PromptTemplate({0: '{q} no', 'B': {'round': [{'role': 'BOT', 'prompt': 'yes'}]}})
    assert template.labels == [0, 'B']
    assert template.render({'q': 'x'}, label=0) == 'x no'
    assert template.render({'q': 'x'}, label='B') == (Block((Turn('BOT', 'yes'),), is_open=True),)


@pytest.mark.parametrize('label', [0, '0', True, 'true', None])
def test_labels_survive_a_task_file_which_is_json(label: Any) -> None:
    template = PromptTemplate({'0': 'zero', 'true': 'one'})
    assert template.render({}, label=label) in ('zero', 'one')


def test_a_label_without_a_template_is_named() -> None:
    with pytest.raises(ConfigError, match=r"no template for the label 'C'.*'A', 'B'"):
        PromptTemplate({'A': 'x', 'B': 'y'}).render({}, label='C')


def test_generation_with_labels_takes_the_first_template() -> None:
    assert PromptTemplate({'A': 'x', 'B': 'y'}).render({}) == 'x'


def test_the_examples_stand_where_the_token_is_an_item() -> None:
    template = PromptTemplate(
        {'begin': 'before </E>after', 'round': [{'role': 'HUMAN', 'prompt': '{q}'}]}, '</E>'
    )
    example = Block((Turn('HUMAN', 'e'),))
    assert template.render({'q': 'x'}, (example,)) == (
        'before ',
        example,
        'after',
        Block((Turn('HUMAN', 'x'),), is_open=True),
    )


def test_examples_may_stand_inside_the_round() -> None:
    template = PromptTemplate({'round': ['</E>', {'role': 'HUMAN', 'prompt': '{q}'}]}, '</E>')
    example = Block((Turn('HUMAN', 'e'),))
    expected = (example, Block((Turn('HUMAN', 'x'),), is_open=True))
    assert template.render({'q': 'x'}, (example,)) == expected


def test_text_examples_may_stand_inside_a_turn() -> None:
    template = PromptTemplate({'round': [{'role': 'HUMAN', 'prompt': '</E>{q}'}]}, '</E>')
    assert template.render({'q': 'x'}, 'e\n') == (Block((Turn('HUMAN', 'e\nx'),), is_open=True),)


def test_examples_with_roles_cannot_stand_inside_a_turn() -> None:
    template = PromptTemplate({'round': [{'role': 'HUMAN', 'prompt': '</E>{q}'}]}, '</E>')
    with pytest.raises(ConfigError, match='make it an item of its own in `begin`'):
        template.render({'q': 'x'}, (Block((Turn('HUMAN', 'e'),)),))


def test_an_example_has_neither_begin_nor_end_nor_examples_of_its_own() -> None:
    template = PromptTemplate(
        {
            'begin': ['system', '</E>'],
            'round': [{'role': 'HUMAN', 'prompt': '{q}'}],
            'end': 'the end',
        },
        '</E>',
    )
    assert template.render_example({'q': 'x'}) == (Block((Turn('HUMAN', 'x'),)),)
    assert PromptTemplate('</E>{q}', '</E>').render_example({'q': 'x'}) == 'x'


@pytest.mark.parametrize(
    ('template', 'message'),
    [
        (None, 'template must be a text, or a dict with `round`'),
        ([], 'template must be a text, or a dict with `round`'),
        ({}, 'template must be a text, or a dict with `round`'),
        ({'begin': 'x'}, 'template must be a text, or a dict with `round`'),
        ({'begin': 'x', 'rounds': []}, r"template\['rounds'\] must be a text, or a dict"),
        ({'A': ['x']}, r"template\['A'\] must be a text, or a dict"),
        ({'round': 3}, r'template.round must be a list of dict\(role, prompt\)'),
        ({'round': [{'prompt': 'x'}]}, r'template.round\[0\] must be a text or dict\(role, prompt'),
        ({'round': [{'role': 'HUMAN', 'promt': 'x'}]}, "no key 'promt'; did you mean prompt"),
        ({'round': [{'role': 'HUMAN', 'prompt': 3}]}, r'round\[0\].prompt must be a text, not 3'),
        ({'round': [{'role': 'HUMAN', 'prompt': None}]}, r'prompt must be a text, not None'),
    ],
)
def test_a_template_of_a_wrong_shape_is_refused(template: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        PromptTemplate(template)


def test_an_ice_token_that_the_text_lacks_is_refused() -> None:
    with pytest.raises(ConfigError, match='has no </E>, the ice_token'):
        PromptTemplate('{q}', ice_token='</E>')
    with pytest.raises(ConfigError, match=r"template\['B'\] has no </E>"):
        PromptTemplate({'A': '</E>x', 'B': 'y'}, ice_token='</E>')


@pytest.mark.parametrize('ice_token', ['', 3])
def test_an_ice_token_that_is_no_text_is_refused(ice_token: Any) -> None:
    with pytest.raises(ConfigError, match='ice_token must be a text'):
        PromptTemplate('{q}', ice_token=ice_token)


@pytest.mark.parametrize('mapping', ['</Q>', {'q': '</Q>', 'a': '</Q>'}, {'q': ''}])
def test_a_wrong_column_token_map_is_refused(mapping: Any) -> None:
    with pytest.raises(ConfigError, match='column_token_map'):
        PromptTemplate('{q}', column_token_map=mapping)
