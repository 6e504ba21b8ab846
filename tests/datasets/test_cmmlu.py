"""CMMLU: files with a nameless first column, prompts in Chinese, and its groups."""

from pathlib import Path

import pytest

from evalkit.config import load_config
from tests.datasets.families import ROOT, config, configs, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')

QUESTION = '题目：test第0题，“水稻”喜：\nA. 旱\nB. 湿\nC. 盐\nD. 碱\n答案是：'


def test_a_row_is_a_question_four_options_and_a_letter() -> None:
    rows = samples_of(config('cmmlu_gen', 'cmmlu-agronomy'))
    assert rows[0].fields == {
        'question': 'test第0题，“水稻”喜：',
        'A': '旱',
        'B': '湿',
        'C': '盐',
        'D': '碱',
        'answer': 'B',
    }


def test_the_prompts_say_the_subject_in_chinese() -> None:
    head = '以下是关于农学的单项选择题，请直接给出正确答案的选项。\n'
    text = prompts(config('cmmlu_gen', 'cmmlu-agronomy'))[0]
    assert text.count(head) == 6
    assert text.endswith(head + QUESTION)
    labels = prompts(config('cmmlu_ppl', 'cmmlu-agronomy'))[0]
    assert labels['D'].startswith(f'{head}\n题目：dev第0题')
    assert labels['D'].endswith(f'答案是：B\n\n{QUESTION}D')


@pytest.mark.parametrize(('name', 'answer'), [('cmmlu_gen', '选B'), ('cmmlu_ppl', '：B')])
def test_answers_are_scored(tmp_path: Path, name: str, answer: str) -> None:
    cfg = config(name, 'cmmlu-agronomy')
    found = score(tmp_path, cfg, chat=False, answers={'test第1题': answer}, default='A')
    assert found == {'accuracy': 50.0}


def test_the_groups_have_the_67_subjects_of_the_configs() -> None:
    groups = load_config(ROOT / 'configs/summarizers/groups/cmmlu.py')['cmmlu_summary_groups']
    subsets = {group['name']: group['subsets'] for group in groups}
    assert {name: len(names) for name, names in subsets.items()} == {
        'cmmlu-humanities': 13,
        'cmmlu-stem': 17,
        'cmmlu-social-science': 22,
        'cmmlu-other': 15,
        'cmmlu-china-specific': 15,
        'cmmlu': 67,
    }
    assert set(subsets['cmmlu']) == set(configs('cmmlu_gen')) == set(configs('cmmlu_ppl'))
