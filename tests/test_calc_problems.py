"""The calc problem set: data that can be made again, right values, and reasoning that holds."""

import json
import random
import re
from itertools import islice
from pathlib import Path

import pytest

from tools.calc_problems import (
    DATA,
    Problem,
    held_out_problems,
    random_problem,
    reason,
    training_problems,
    write_data,
)

EDGES = (1, 2, 9, 10, 11, 99, 100)


def python_value(problem: Problem) -> int:
    value = eval(problem.question.replace('x', '*'))  # noqa: S307 - the text is our own
    assert isinstance(value, int)
    return value


def many_problems() -> list[Problem]:
    rng = random.Random(7)
    drawn = [random_problem(rng, rare=0.3) for _ in range(5000)]
    edges = [
        Problem(a, first, b, second, c)
        for a in EDGES
        for b in EDGES
        for c in EDGES
        for first in '+-x'
        for second in '+-x'
    ]
    return drawn + edges


@pytest.mark.parametrize('name', ['calculate.json', 'dataset_info.json'])
def test_the_shipped_data_is_made_again_byte_for_byte(name: str, tmp_path: Path) -> None:
    write_data(tmp_path)
    assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()


def test_a_record_is_the_chinese_prompt_and_the_value_as_text() -> None:
    records = json.loads((DATA / 'calculate.json').read_text(encoding='utf-8'))
    assert len(records) == 100
    assert records[0] == {
        'instruction': '',
        'input': (
            '你是一名擅长数学运算的助手，负责逐步推理并解决四则运算问题。请按照以下步骤进行：\n'
            '\n'
            '    1. 阅读并理解问题。\n'
            '    2. 分步计算，逐步解决问题。\n'
            '    3. 给出最终的结果。\n'
            '    4. 按照 JSON 格式输出结果，包括：\n'
            '    - reason: 详细的推理过程。\n'
            '    - infer: 最终的计算结果。\n'
            '\n'
            '    问题：45 - 24 - 16\n'
            '    请给出分析和结果。'
        ),
        'output': '5',
    }


def test_the_shipped_values_are_right_and_the_expressions_differ() -> None:
    records = json.loads((DATA / 'calculate.json').read_text(encoding='utf-8'))
    questions = [re.findall(r'问题：(.*)\n', record['input'])[0] for record in records]
    assert len(set(questions)) == len(records)
    for question, record in zip(questions, records, strict=True):
        assert re.fullmatch(r'\d+ [-+x] \d+ [-+x] \d+', question)
        assert str(eval(question.replace('x', '*'))) == record['output']  # noqa: S307


def test_the_data_set_is_registered_in_the_form_of_llama_factory() -> None:
    info = json.loads((DATA / 'dataset_info.json').read_text(encoding='utf-8'))
    assert info == {'calculate': {'file_name': 'calculate.json'}}


def test_the_value_of_a_problem_follows_the_usual_precedence() -> None:
    assert [problem for problem in many_problems() if problem.value != python_value(problem)] == []


def test_the_reasoning_ends_in_the_value() -> None:
    wrong = [
        problem
        for problem in many_problems()
        if int(reason(problem).rpartition('=')[2]) != problem.value
    ]
    assert wrong == []


def test_every_single_step_of_the_reasoning_is_true() -> None:
    step = re.compile(r'(?<![\dx+-])\d[-+x]\d[-+]\d(?:=\d[-+]?\d(?:[-+]?\d)?)+(?=[,=])')
    for problem in many_problems():
        for equation in step.findall(reason(problem)):
            sides = [re.sub(r'\b0+(?=\d)', '', side) for side in equation.split('=')]
            values = {eval(side.replace('x', '*')) for side in sides}  # noqa: S307
            assert len(values) == 1, (problem.question, equation)


def test_the_comparisons_of_the_reasoning_are_true() -> None:
    for problem in many_problems():
        for x, relation, y in re.findall(r'(?<=[:,])(\d)([<>=])(\d)(?=,)', reason(problem)):
            assert {'<': x < y, '>': x > y, '=': x == y}[relation], problem.question


def test_a_difference_below_zero_is_swapped_and_carried_on_with_its_sign() -> None:
    assert reason(Problem(12, '-', 58, '-', 9)) == (
        '012-058:0=0,1<5,-(058-012):8-2-0=6-00,5-1-0=4-00,0-0-0=0-00=-046;'
        '-(046+009):6+9+0=15,4+0+1=05,0+0+0=00=-055'
    )


def test_a_product_is_worked_out_before_what_stands_left_of_it() -> None:
    assert reason(Problem(5, '+', 15, 'x', 3)) == (
        '15x03;15x3:5x3+0=15+0=15,1x3+1=03+1=04=045;15x0:5x0+0=00+0=00,1x0+0=00+0=00=000;'
        '0045+0000:5+0+0=05,4+0+0=04,0+0+0=00,0+0+0=00=0045;'
        '00005+00045:5+5+0=10,0+4+1=05,0+0+0=00,0+0+0=00,0+0+0=00=00050'
    )


def test_a_factor_of_100_is_a_shift_wherever_it_stands() -> None:
    assert reason(Problem(100, 'x', 100, 'x', 7)) == '07x100=0700;0700x100=070000'


def test_an_answer_is_a_fenced_json_object() -> None:
    problem = Problem(1, '-', 2, '-', 3)
    body = problem.answer.removeprefix('```json\n').removesuffix('\n```')
    assert json.loads(body) == {'reason': reason(problem), 'infer': -4}


def test_no_problem_of_the_test_set_is_trained_on() -> None:
    held_out = {problem.question for problem in held_out_problems()}
    stream = islice(training_problems(random.Random(1)), 100_000)
    assert held_out.isdisjoint(problem.question for problem in stream)


def test_a_held_out_problem_is_left_out_even_when_it_is_drawn() -> None:
    class OnlyHeldOutAtFirst(random.Random):
        """Draws the first problem of the test set, then at random."""

        def __init__(self) -> None:
            super().__init__(3)
            first = held_out_problems()[0]
            self.numbers = [first.a, first.b, first.c]
            self.operators = [first.first, first.second]

        def randint(self, a: int, b: int) -> int:
            return self.numbers.pop(0) if self.numbers else super().randint(a, b)

        def choice(self, seq):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            return self.operators.pop(0) if self.operators else super().choice(seq)

    rng = OnlyHeldOutAtFirst()
    assert next(training_problems(rng)) != held_out_problems()[0]
    assert not rng.numbers


def test_training_problems_come_again_from_the_same_seed() -> None:
    first, again = (list(islice(training_problems(random.Random(5)), 50)) for _ in range(2))
    assert first == again
