"""C-Eval: files with and without answers, prompts in Chinese, and its groups."""

from pathlib import Path

import pytest

from evalkit.config import load_config
from evalkit.datasets import CEvalDataset
from tests.datasets.families import ROOT, config, configs, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')

QUESTION = 'val第0题：____属于链路层。\nA. 物理地址\nB. 端口\nC. 网址\nD. 域名\n答案：'


def test_the_published_answers_are_those_of_val() -> None:
    rows = samples_of(config('ceval_gen', 'ceval-computer_network'))
    assert [row.reference for row in rows] == ['A', 'A']
    splits = CEvalDataset.load('opencompass/ceval-exam', 'computer_network')
    assert {name: len(rows) for name, rows in splits.items()} == {'dev': 5, 'val': 2, 'test': 1}
    assert splits['test'][0]['answer'] == splits['val'][0]['explanation'] == ''
    assert splits['dev'][0]['explanation'].startswith('1. 物理地址用于链路层，\n2.')


def test_the_prompts_say_the_subject_in_chinese() -> None:
    head = '以下是中国关于计算机网络考试的单项选择题，请选出其中的正确答案。\n'
    text = prompts(config('ceval_gen', 'ceval-computer_network'))[0]
    assert text.count(head) == 6
    assert text.endswith(head + QUESTION)
    labels = prompts(config('ceval_ppl', 'ceval-computer_network'))[0]
    assert labels['B'].startswith(f'{head}\ndev第0题：')
    assert labels['B'].endswith(f'答案：A\n\n{QUESTION}B')


@pytest.mark.parametrize(('name', 'answer'), [('ceval_gen', '答案是A。'), ('ceval_ppl', '：A')])
def test_answers_are_scored(tmp_path: Path, name: str, answer: str) -> None:
    cfg = config(name, 'ceval-computer_network')
    found = score(tmp_path, cfg, chat=False, answers={'val第0题': answer}, default='B')
    assert found == {'accuracy': 50.0}


def test_the_groups_have_the_52_subjects_of_the_configs() -> None:
    groups = load_config(ROOT / 'configs/summarizers/groups/ceval.py')['ceval_summary_groups']
    subsets = {group['name']: group['subsets'] for group in groups}
    sizes = {name: len(subsets[name]) for name in subsets if not name.startswith('ceval-test')}
    assert sizes == {
        'ceval-stem': 20,
        'ceval-social-science': 10,
        'ceval-humanities': 11,
        'ceval-other': 11,
        'ceval-hard': 8,
        'ceval': 52,
    }
    assert set(subsets['ceval']) == set(configs('ceval_gen')) == set(configs('ceval_ppl'))
