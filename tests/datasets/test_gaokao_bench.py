"""GAOKAO-Bench: texts with several questions, marks for some letters, and weights."""

from pathlib import Path

import pytest

from evalkit.config import build, load_config
from evalkit.datasets import GaokaoBenchEvaluator
from evalkit.errors import ConfigError, TaskError
from tests.datasets.families import ROOT, config, configs, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')

MATH = 'GaokaoBench_2010-2022_Math_I_MCQs'
PHYSICS = 'GaokaoBench_2010-2022_Physics_MCQs'
GEOGRAPHY = 'GaokaoBench_2010-2022_Geography_MCQs'
CLOZE = 'GaokaoBench_2012-2022_English_Cloze_Test'


def test_rows_have_a_letter_for_each_question() -> None:
    assert [row.reference for row in samples_of(config('GaokaoBench_gen', GEOGRAPHY))] == [
        ['A', 'B', 'C'],
        ['D'],
    ]


def test_the_prompt_says_how_to_mark_the_answer() -> None:
    assert prompts(config('GaokaoBench_gen', MATH))[0] == (
        '请先分析，再从 A、B、C、D 中选出唯一正确的一项，最后一行写成“【答案】A”的样子。\n\n'
        '1. 1+1=（ ）\nA. 1  B. 2  C. 3  D. 4'
    )


@pytest.mark.parametrize(
    ('abbr', 'answers', 'value'),
    [
        (MATH, {'1+1': '【解析】A 小了。\n【答案】B', '2+2': '【答案】: C <eoa>'}, 50.0),
        (PHYSICS, {'正确的有': '【答案】A', '正确的是': '【答案】B'}, 75.0),
        (
            GEOGRAPHY,
            {'读图': '1.【答案】A\n2.【答案】B\n3.【答案】D', '完成小题': '【答案】A'},
            50.0,
        ),
        (CLOZE, {'Choose': 'So it is\n【答案】ECGAB'}, 60.0),
    ],
)
def test_answers_are_scored(
    tmp_path: Path, abbr: str, answers: dict[str, str], value: float
) -> None:
    found = score(tmp_path, config('GaokaoBench_gen', abbr), answers=answers)
    assert found == {'score': pytest.approx(value)}


@pytest.mark.parametrize(
    ('kind', 'output', 'reference', 'share'),
    [
        ('single_choice', '答案是C。', ['C'], 1.0),
        ('single_choice', '', ['C'], 0.0),
        ('multi_choice', '【答案】CA', ['AC'], 1.0),
        ('multi_choice', '【答案】AC', ['A', 'C'], 1.0),
        ('multi_choice', '【答案】ABC', ['AC'], 0.0),
        ('multi_choice', '所以选 A', ['AC'], 0.5),
        ('multi_choice', '', ['AC'], 0.0),
        ('multi_question_choice', '【答案】A B', ['A', 'B'], 1.0),
        ('multi_question_choice', 'A', ['A', 'B'], 0.5),
        ('five_out_of_seven', '【答案】G F E D C', ['G', 'F', 'E', 'D', 'C'], 1.0),
        ('five_out_of_seven', '', ['G', 'F', 'E', 'D', 'C'], 0.0),
    ],
)
def test_a_text_gives_a_share(kind: str, output: str, reference: list[str], share: float) -> None:
    assert GaokaoBenchEvaluator(kind).score(output, reference)['score'] == pytest.approx(share)


def test_the_registry_names_of_opencompass_resolve() -> None:
    evaluator = build({'type': 'GaokaoBenchEvaluator_five_out_of_seven'})
    assert evaluator.question_type == 'five_out_of_seven'
    with pytest.raises(ConfigError, match=r"'single'; did you mean single_choice\?"):
        GaokaoBenchEvaluator('single')


def test_questions_with_texts_as_answers_are_an_error_and_no_0() -> None:
    evaluator = build({'type': 'GaokaoBenchEvaluator_cloze'})
    with pytest.raises(TaskError, match='cloze questions of GAOKAO-Bench need a judge'):
        evaluator.try_score('42', ['42'])


def test_the_group_weights_the_14_sets_of_the_config() -> None:
    cfg = load_config(ROOT / 'configs/summarizers/groups/GaokaoBench.py')
    [group] = cfg['GaokaoBench_summary_groups']
    assert set(group['subsets']) == set(group['weights']) == set(configs('GaokaoBench_gen'))
    assert sum(group['weights'].values()) == 9702
