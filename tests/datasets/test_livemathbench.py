"""LiveMathBench: splits in two languages, and G-Pass@k over repeats."""

from pathlib import Path

import pytest

from evalkit.datasets import LiveMathBenchDataset, LiveMathBenchEvaluator
from evalkit.errors import ConfigError
from tests.datasets.families import config, prompts, score

pytestmark = pytest.mark.usefixtures('samples')

ENGLISH = 'LiveMathBench-v202412_AMC_en'


def test_splits_and_languages_are_read_one_after_the_other() -> None:
    rows = LiveMathBenchDataset.load('', dataset_splits=['AMC'])
    assert [row['answer'] for row in rows] == ['1024', '1024', '$\\frac{5}{6}$']
    assert rows[0]['prompt'] == (
        '下面是一个数学问题，请逐步推理，并把最终答案放置于\\boxed{}中。\n$2^{10}$ 等于多少？\n'
    )


def test_a_question_with_braces_is_asked_as_it_is() -> None:
    prompt = prompts(config('livemathbench_gen', ENGLISH), chat=True)[0]
    assert prompt[0]['content'] == (
        'Here is a math question, please reasoning step by step, and put your answer in '
        '\\boxed{}.\nWhat is $2^{10}$?\n\n'
    )


def test_repeats_give_g_pass_at_k(tmp_path: Path) -> None:
    answers = {'2^{10}': '\\boxed{1024}', '{3}': '\\boxed{1}'}
    found = score(tmp_path, config('livemathbench_gen', ENGLISH), answers=answers)
    assert found['accuracy'] == 50.0
    assert found['G-Pass@16_1.0'] == 50.0
    assert found['mG-Pass@4'] == 50.0


def test_a_judge_of_its_own_is_refused_with_what_to_use() -> None:
    assert LiveMathBenchEvaluator(model_name='', url=[]).score('\\boxed{2}', '2')['accuracy'] == 1
    with pytest.raises(ConfigError, match='use CascadeEvaluator'):
        LiveMathBenchEvaluator(model_name='judge', url=['http://localhost'])
