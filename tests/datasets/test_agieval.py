"""AGIEval: letters, several letters, and values; two languages."""

from pathlib import Path

import pytest

from evalkit.config import load_config
from evalkit.datasets import AGIEvalDataset, AGIEvalEvaluator, choices_postprocess
from evalkit.datasets.agieval import label
from tests.datasets.families import ROOT, config, configs, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_labels_are_letters_several_letters_or_texts() -> None:
    found = configs('agieval_gen')
    labels = {
        name: [row.reference for row in samples_of(found[f'agieval-{name}'])]
        for name in ('sat-en', 'gaokao-physics', 'gaokao-mathcloze', 'math')
    }
    assert labels == {
        'sat-en': ['A', 'B'],
        'gaokao-physics': ['AC'],
        'gaokao-mathcloze': [r'$\sqrt{2}$'],
        'math': [r'\frac{3}{4}'],
    }


def test_the_prompts_are_in_the_language_of_the_set() -> None:
    assert prompts(config('agieval_gen', 'agieval-sat-en'))[0] == (
        'Answer the question with the letter of the right option alone.\n'
        'Ida went home. Where did Ida go?\n(A)Home\n(B)Away\n(C)Up\n(D)Down\nAnswer:'
    )
    assert prompts(config('agieval_gen', 'agieval-gaokao-chinese')) == [
        '请回答下面的单项选择题，只写正确选项的字母。\n'
        '小明回家了。小明去哪里？\n(A)家\n(B)学校\n(C)医院\n(D)公园\n答案：'
    ]


def test_the_prompt_of_the_paper_is_there_for_configs_of_opencompass() -> None:
    [row, _] = AGIEvalDataset.load('opencompass/agieval', 'sat-en', 'zero-shot')
    assert row['problem_input'] == (
        'Ida went home. Q: Where did Ida go? Answer Choices: (A)Home (B)Away (C)Up (D)Down\n'
        'A: Among A through D, the answer is'
    )
    [row] = AGIEvalDataset.load('opencompass/agieval', 'gaokao-physics', 'zero-shot')
    assert row['problem_input'].endswith('(C)丙 (D)丁\n答案：从A到D, 我们应选择')
    [row] = AGIEvalDataset.load('opencompass/agieval', 'math', 'zero-shot')
    assert row['problem_input'] == 'Q: What is $1/2+1/4$?\nA: The answer is'


@pytest.mark.parametrize(
    ('name', 'answer', 'value'),
    [
        ('sat-en', 'The answer is A.', 50.0),
        ('gaokao-physics', '甲和丙正确。答案：C、A', 100.0),
        ('gaokao-physics', '答案：A', 0.0),
        ('gaokao-mathcloze', r'所以 \boxed{\sqrt{2}}。', 100.0),
        ('math', r'It is \boxed{\dfrac{3}{4}}.', 100.0),
        ('math', 'The answer is 0.75.', 100.0),
    ],
)
def test_answers_are_scored(tmp_path: Path, name: str, answer: str, value: float) -> None:
    found = score(tmp_path, config('agieval_gen', f'agieval-{name}'), default=answer)
    assert found == {'score': value}


@pytest.mark.parametrize(
    ('output', 'reference', 'is_right'),
    [
        (r'The answer is $x = \frac{1}{2}$.', r'\frac{1}{2}', 1.0),
        (r'\boxed{\left( 1, 2 \right)}', '(1,2)', 1.0),
        ('first\nthen 1,024 apples', '1024', 1.0),
        ('答案：$[0, 1)$', '$[0,1)$', 1.0),
        ('7', '7', 1.0),
        ('17', '7', 0.0),
        ('', '7', 0.0),
    ],
)
def test_a_value_may_be_written_in_several_ways(
    output: str, reference: str, is_right: float
) -> None:
    assert AGIEvalEvaluator().score(output, reference) == {'score': is_right}


@pytest.mark.parametrize(
    ('text', 'letters'),
    [('答案：ACD', 'ACD'), ('A 错。答案是 D、B', 'BD'), ('C A', 'AC'), ('都不对', ''), ('', '')],
)
def test_several_letters_are_put_in_order(text: str, letters: str) -> None:
    assert choices_postprocess(text) == letters


def test_the_groups_have_the_21_sets_of_the_config() -> None:
    groups = load_config(ROOT / 'configs/summarizers/groups/agieval.py')['agieval_summary_groups']
    subsets = {group['name']: group['subsets'] for group in groups}
    assert {name: len(names) for name, names in subsets.items()} == {
        'agieval-chinese': 12,
        'agieval-english': 9,
        'agieval-gaokao': 9,
        'agieval': 21,
    }
    assert set(subsets['agieval']) == set(configs('agieval_gen'))


@pytest.mark.parametrize(
    ('written', 'right'),
    [
        ("['A', 'C']", 'AC'),
        ('["B"]', 'B'),
        (['B', 'D'], 'BD'),
        ('7', '7'),
        ('$3$;$-3$', '$3$;$-3$'),
        ('[1, 2]', '[1, 2]'),
    ],
)
def test_a_list_of_letters_may_be_written_as_a_text(written: object, right: str) -> None:
    assert label({'label': written}) == right
