"""MMLU: headless files, three ways to ask, and its groups."""

import subprocess
import sys
from pathlib import Path

import pytest

from evalkit.config import load_config
from evalkit.datasets.mmlu import from_hub
from evalkit.errors import ConfigError
from tests.datasets.families import ROOT, config, configs, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')

QUESTION = 'Find the order of 2 in Z_6, a group.\nA. 1\nB. 2\nC. 3\nD. 6\nAnswer:'


def algebra(name: str) -> dict[str, object]:
    return config(name, 'lukaemon_mmlu_abstract_algebra')


def test_a_row_is_a_question_four_options_and_a_letter() -> None:
    [first, second] = samples_of(algebra('mmlu_gen'))
    assert first.fields == {
        'input': 'Find the order of 2 in Z_6, a group.',
        'A': '1',
        'B': '2',
        'C': '3',
        'D': '6',
        'target': 'C',
    }
    assert first.reference == 'C'
    assert second.fields['input'] == 'How many units has {A}?\nCount them, please.'


def test_a_row_of_the_hub_becomes_the_same() -> None:
    row = {'question': 'q', 'subject': 's', 'choices': ['a', 'b', 'c', 'd'], 'answer': 2}
    assert from_hub(row) == {'input': 'q', 'A': 'a', 'B': 'b', 'C': 'c', 'D': 'd', 'target': 'C'}


def test_five_examples_stand_before_a_question_to_be_written() -> None:
    text = prompts(algebra('mmlu_gen'))[0]
    instruction = 'Answer the question about abstract algebra with the letter of the right option'
    assert text.startswith(f'{instruction} alone.\nWhat is 0, "plus" 1?\nA. 0\nB. 1\nC. 2\nD. 3\n')
    assert text.count(instruction) == 6
    assert text.endswith(QUESTION)


def test_the_likelihood_prompt_is_that_of_the_paper() -> None:
    labels = prompts(algebra('mmlu_ppl'))[0]
    assert list(labels) == ['A', 'B', 'C', 'D']
    assert labels['C'].startswith(
        'The following are multiple choice questions (with answers) about abstract algebra.\n\n'
        'What is 0, "plus" 1?\nA. 0\nB. 1\nC. 2\nD. 3\nAnswer: B\n\nWhat is 1,'
    )
    assert labels['C'].endswith(f'Answer: B\n\n{QUESTION} C')


def test_what_a_question_says_in_braces_stays() -> None:
    assert 'How many units has {A}?' in prompts(algebra('mmlu_ppl'))[1]['A']


@pytest.mark.parametrize(
    ('name', 'answer'),
    [
        ('mmlu_gen', 'C'),
        ('mmlu_gen', 'The correct answer is C. A is too small.'),
        ('mmlu_0shot_cot_gen', 'A group of order 6 ...\nANSWER: C'),
        ('mmlu_0shot_cot_gen', 'B? No.\n**Answer:** C'),
        ('mmlu_ppl', 'Answer: C'),
    ],
)
def test_a_right_answer_is_scored_as_right(tmp_path: Path, name: str, answer: str) -> None:
    found = score(tmp_path, algebra(name), chat=False, answers={'Z_6': answer}, default='A')
    assert found == {'accuracy': 50.0}


def test_a_missing_subject_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r'there is no file .*virology_dev\.csv'):
        samples_of(config('mmlu_gen', 'lukaemon_mmlu_virology'))


def test_the_groups_name_the_57_subjects() -> None:
    groups = load_config(ROOT / 'configs/summarizers/groups/mmlu.py')['mmlu_summary_groups']
    sizes = {group['name']: len(group['subsets']) for group in groups}
    assert sizes == {
        'mmlu-humanities': 13,
        'mmlu-stem': 19,
        'mmlu-social-science': 12,
        'mmlu-other': 13,
        'mmlu': 57,
        'mmlu-weighted': 57,
    }
    [weighted] = [group for group in groups if 'weights' in group]
    assert sum(weighted['weights'].values()) == 14042
    assert set(weighted['subsets']) == set(weighted['weights']) == set(configs('mmlu_gen'))


def test_all_configs_of_mmlu_load_in_less_than_a_second() -> None:
    program = (
        'import time; from evalkit.catalog import list_configs; from evalkit.config import '
        'load_config; load_config("configs/eval_calc.py"); start = time.process_time(); '
        'found = [load_config(row.path) for row in list_configs(["mmlu/*"])]; '
        'assert len(found) > 4; print(time.process_time() - start)'
    )
    done = subprocess.run([sys.executable, '-c', program], cwd=ROOT, capture_output=True, text=True)
    assert float(done.stdout) < 1, done.stderr
