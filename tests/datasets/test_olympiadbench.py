"""OlympiadBench: prompts by the kind of problem, and numbers within an error."""

from pathlib import Path

import pytest

from evalkit.datasets import OlympiadBenchEvaluator
from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')

MATHS = 'OlympiadBench_OE_TO_maths_en_COMP'
PHYSICS = 'OlympiadBench_OE_TO_physics_zh_CEE'


def test_a_problem_in_english_is_asked_in_the_wording_of_the_benchmark() -> None:
    [[message]] = prompts(config('OlympiadBench_gen', MATHS), chat=True)
    assert message['content'] == (
        'The following is an open-ended problem from an International Math competition. The '
        'problem has multiple answers, each of them should be a numerical value. Please calculate '
        'the answer according to the given requirements and the information provided. Please use '
        'LaTeX format to represent the variables and formulas used in the solution process and '
        'results. Please end your solution with "So the final answer is \\boxed{multiple answers '
        'connected with commas}." and give the result explicitly.\nFind all real $x$ with '
        '$x^2=4$.\n\nPlease reason step by step, and put your final answer within \\boxed{}.\n'
    )


def test_a_problem_in_chinese_names_its_unit() -> None:
    [[message]] = prompts(config('OlympiadBench_gen', PHYSICS), chat=True)
    assert message['content'] == (
        '以下是中国物理竞赛中的解答题，答案类型为数值。请根据题目的要求和所提供的信息计算得出答案。'
        '解答过程和结果中使用的变量和公式请使用LaTeX格式表示。'
        '请在最后以"所以最终答案是\\boxed{答案}(单位)。"显式给出结果，注意答案的单位不要放在\\boxed{}中。'
        '\n求加速度 $a$。\n\n'
        '请通过逐步推理来解答问题，并把最终答案放置于\\boxed{}中。\n'
    )


def test_the_first_answer_is_the_solution_too() -> None:
    [row] = samples_of(config('OlympiadBench_gen', PHYSICS))
    assert row.fields['solution'] == '9.8'
    assert row.reference == {'answers': ['9.8'], 'error': '2e-1'}


@pytest.mark.parametrize(
    ('abbr', 'answer', 'value'),
    [
        (MATHS, 'So the final answer is \\boxed{-2, 2}.', 100.0),
        (MATHS, 'So the final answer is \\boxed{2}.', 0.0),
        (PHYSICS, '所以最终答案是\\boxed{9.65}。', 100.0),
        (PHYSICS, '所以最终答案是\\boxed{9.5}。', 0.0),
    ],
)
def test_answers_are_scored(tmp_path: Path, abbr: str, answer: str, value: float) -> None:
    found = score(tmp_path, config('OlympiadBench_gen', abbr), default=answer)
    assert found == {'accuracy': value}


def test_a_reference_may_be_a_text_as_in_opencompass() -> None:
    assert OlympiadBenchEvaluator(version='v2').score('\\boxed{5}', '$5$') == {'accuracy': 1.0}
