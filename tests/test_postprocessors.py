import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalkit import postprocessors
from evalkit.errors import BackendError
from evalkit.postprocessors import (
    POSTPROCESSORS,
    extract_non_reasoning_content,
    first_capital_postprocess,
    first_capital_postprocess_multi,
    first_number_postprocess,
    first_option_postprocess,
    general_cn_postprocess,
    general_postprocess,
    json_field,
    last_capital_postprocess,
    last_option_postprocess,
    match_answer_pattern,
    multiple_select_postprocess,
    number,
    think_pred_postprocess,
    xml_tag_postprocessor,
)

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / 'data/json_field.jsonl').read_text('utf-8').splitlines()
]


@pytest.mark.parametrize('case', CASES, ids=[case['about'] for case in CASES])
def test_the_field_of_a_json_answer_is_found(case: dict[str, str]) -> None:
    assert json_field(case['text']) == case['answer']


def test_another_field_can_be_asked_for() -> None:
    assert json_field('{"infer": 1, "a.b": "x"}', field='a.b') == 'x'
    assert json_field("{'axb': 1, 'a.b': x}", field='a.b') == 'x'


@given(st.text(), st.integers())
def test_a_well_formed_object_is_read_whatever_the_reason_says(reason: str, value: int) -> None:
    answer = json.dumps({'reason': reason, 'infer': value}, ensure_ascii=False)
    assert json_field(f'{answer}') == str(value)


@given(st.text('{}[]"\'\\:, infer10\n'))
def test_no_text_breaks_the_search_for_a_field(text: str) -> None:
    assert isinstance(json_field(text), str)


@pytest.mark.parametrize('opening', ['{', '{"a":', '{"a', '{"infer": "', '["', '\\'])
def test_a_degenerate_output_is_searched_quickly(opening: str) -> None:
    assert json_field(opening * 5000) == ''


@pytest.mark.parametrize(
    ('value', 'expected'),
    [
        (90, '90'),
        (-3, '-3'),
        (90.0, '90'),
        ('1,024', '1024'),
        ('−3', '-3'),
        ('–3', '-3'),
        ('- 3', '-3'),
        (' ９０．５０ ', '90.5'),
        ('+5', '5'),
        ('1e3', '1000'),
        ('100', '100'),
        ('12345678901234567890.10', '12345678901234567890.1'),
        ('-0', '0'),
        ('', ''),
        ('1e9999', '1e9999'),
        ('1,2', '1,2'),
        ('٣', '٣'),
        ('90 元', '90 元'),
    ],
)
def test_equal_numbers_become_equal_texts(value: Any, expected: Any) -> None:
    assert number(value) == expected


@given(st.integers())
def test_a_reference_and_an_answer_meet_in_the_same_form(value: int) -> None:
    assert number(value) == number(f'{value:,}') == json_field(f'{{"infer": {value:,}}}')


@pytest.mark.parametrize(
    ('text', 'answer'),
    [
        ('The answer: is it?\nno', 'answer is it'),
        ('A cat, a dog', 'cat'),
        ("  the  Eiffel Tower's. ", 'Eiffel Towers'),
        ('theory', 'theory'),
        ('', ''),
    ],
)
def test_general_is_the_first_clause_in_plain_words(text: str, answer: str) -> None:
    assert general_postprocess(text) == answer


def test_general_cn_cuts_words_or_says_what_to_install() -> None:
    if importlib.util.find_spec('jieba') is None:
        with pytest.raises(BackendError, match='pip install jieba'):
            general_cn_postprocess('我来到北京')
    else:
        assert general_cn_postprocess('我来到北京') == '我 来到 北京'


def test_capitals_are_found_from_either_end() -> None:
    assert first_capital_postprocess('so, B or C') == 'B'
    assert last_capital_postprocess('so, B or C!') == 'C'
    assert first_capital_postprocess('none') == last_capital_postprocess('') == ''


def test_several_options_are_found() -> None:
    assert first_capital_postprocess_multi('E: ACD and B') == 'ACD'
    assert first_capital_postprocess_multi('none') == ''
    assert multiple_select_postprocess('D, A and A') == 'AD'


@pytest.mark.parametrize(
    ('text', 'answer'),
    [
        ('答案是B', 'B'),
        ('A选项不对。答案：C。', 'C'),
        ('答案: D', 'D'),
        ('答案选项为：B', 'B'),
        ('答案选项为 (**C**)', 'C'),
        ('答案应该是 B，不是A', 'B'),
        ('综上，选择 D', 'D'),
        ('A错，只有B对', 'B'),
        ('说法不正确的是C，而A正确', 'C'),
        ('A不对，B是正确的', 'B'),
        ('由A可知，所以D。', 'D'),
        ('由A得到D', 'A'),
        ('我认为A不对，因此B', 'B'),
        ('根据A，答案是选项C中的那个', 'C'),
        ('Not A.\nANSWER: C', 'C'),
        ('Answer: **C**', 'C'),
        ('Answer: (D)', 'D'),
        ('A is wrong. The answer is: **B**.', 'B'),
        ('A is wrong. The correct answer is option (D)', 'D'),
        ('As seen, the correct option is: $\\boxed{B}$', 'B'),
        ('选项C', 'C'),
        ('B选项', 'B'),
        ('D. because A is wrong', 'D'),
        ('1. C', 'C'),
        ('C: the cat and no A cat', 'C'),
        ('Because of D', 'D'),
        ('none', ''),
        ('', ''),
    ],
)
def test_the_option_that_a_text_states_is_found(text: str, answer: str) -> None:
    assert first_option_postprocess(text, 'ABCD') == answer


def test_without_a_cushion_a_text_that_states_nothing_gives_nothing() -> None:
    assert first_option_postprocess('Clearly Apple', 'ABCD', cushion=False) == ''
    assert first_option_postprocess('Clearly Apple', 'ABCD') == 'C'


def test_a_number_in_a_text_is_no_statement_of_an_option() -> None:
    assert first_option_postprocess('in 1998 Apple', 'ABCD', cushion=False) == ''


def test_options_are_letters_and_no_pattern() -> None:
    assert first_option_postprocess('答案是 ]', 'A]') == ']'
    assert first_option_postprocess('答案是B', ['A', 'B']) == 'B'


def test_the_last_option_is_the_last_letter_among_the_options() -> None:
    assert last_option_postprocess('A or B? E', 'ABCD') == 'B'
    assert last_option_postprocess('none', 'ABCD') == ''


def test_a_pattern_gives_its_first_group() -> None:
    assert match_answer_pattern('ANSWER: C', r'(?i)answer\s*:\s*([A-D])') == 'C'
    assert match_answer_pattern('none', '([A-D])') == ''


def test_the_first_number_may_be_negative_or_a_fraction() -> None:
    assert first_number_postprocess('about -3.5 or 4') == -3.5
    assert first_number_postprocess('.5') == 0.5
    assert first_number_postprocess('none') is None


@pytest.mark.parametrize(
    ('text', 'rest'),
    [
        ('<think>because</think> 42', '42'),
        ('Start<think>because</think> End', 'Start End'),
        ('because</think> 42', '42'),
        ('<think>a</think>1<think>b</think>2', '12'),
        ('<think>because', ''),
        ('<think>a</think>42<think>because', '42'),
        ('because</think>x<think>y</think>z', 'xz'),
        ('plain', 'plain'),
    ],
)
def test_reasoning_is_no_answer(text: str, rest: str) -> None:
    assert extract_non_reasoning_content(text) == rest


def test_reasoning_may_have_other_marks() -> None:
    text = '[THINK]because[/THINK] 42'
    assert extract_non_reasoning_content(text, '[THINK]', '[/THINK]') == '42'


def test_think_pred_gives_the_first_group_or_everything() -> None:
    assert think_pred_postprocess('<answer> 42 </answer>', '<answer>(.*?)</answer>') == '42'
    assert think_pred_postprocess('42', '<answer>(.*?)</answer>') == '42'


def test_the_last_element_of_a_tag_is_the_answer() -> None:
    assert xml_tag_postprocessor('<a>1</a><a> 2\n</a>', '<a>') == '2'
    assert xml_tag_postprocessor('none', '<a>') == 'NO ANSWER FOUND'


@pytest.mark.parametrize(
    'name', ['general', 'general_cn', 'first-capital', 'first-option', 'last-option', 'think_pred']
)
def test_configs_may_call_them_by_opencompass_names(name: str) -> None:
    assert POSTPROCESSORS[name].__name__ in postprocessors.__all__
