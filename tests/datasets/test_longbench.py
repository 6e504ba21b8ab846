"""LongBench: its tasks and its metrics."""

from pathlib import Path

import pytest

from evalkit.config import load_config, resolve_type
from evalkit.datasets import (
    LongBenchClassificationEvaluator,
    LongBenchCodeSimEvaluator,
    LongBenchCountEvaluator,
    LongBenchDataset,
    LongBenchF1Evaluator,
    LongBenchRetrievalEvaluator,
    LongBenchRougeEvaluator,
)
from evalkit.errors import ConfigError
from tests.datasets.families import ROOT, config, configs, prompts, score

pytestmark = pytest.mark.usefixtures('samples')


def test_all_21_tasks_are_asked_and_grouped() -> None:
    groups = load_config(ROOT / 'configs/summarizers/groups/longbench.py')
    kinds = groups['longbench_summary_groups'][:-1]
    grouped = [name for group in kinds for name in group['subsets']]
    assert len(grouped) == 21
    assert set(grouped) == set(configs('longbench_gen'))


def test_the_prompt_is_longbench_s_own() -> None:
    [prompt] = prompts(config('longbench_gen', 'LongBench_hotpotqa'))
    again = (
        'Answer the question based on the given passages. Only give me the answer and do not '
        'output any other words.'
    )
    assert prompt == (
        f'{again}\n\nThe following are given passages.\nPassage 1:\nThe song was written by Ada '
        f'Smith.\n\n{again}\n\nQuestion: Who wrote the song?\nAnswer:'
    )


@pytest.mark.parametrize(
    ('task', 'answer', 'value'),
    [
        ('hotpotqa', 'The writer is Ada Smith', 2 * 2 / 6 * 100),
        ('multifieldqa_zh', '王小明。', 100.0),
        ('gov_report', 'The bridge is old.', 100.0),
        ('trec', 'Other location\nQuestion: more', 100.0),
        ('passage_count', 'There are 1 or 2.', 50.0),
        ('passage_retrieval_en', 'Paragraph 2', 100.0),
        ('lcc', '# a comment\n    return x + 1\nmore', 100.0),
    ],
)
def test_answers_are_scored(tmp_path: Path, task: str, answer: str, value: float) -> None:
    found = score(tmp_path, config('longbench_gen', f'LongBench_{task}'), default=answer)
    assert found == {'score': pytest.approx(value)}


def test_the_best_reference_counts() -> None:
    assert LongBenchF1Evaluator().score('the blue sky', ['red', 'blue sky']) == {'score': 1.0}
    assert LongBenchRougeEvaluator().score('a b', ['x', 'a b']) == {'score': pytest.approx(1)}
    assert LongBenchCodeSimEvaluator().score('ab', ['zz', 'ab']) == {'score': 1.0}


@pytest.mark.parametrize('output', ['', ' ', '...'])
def test_an_answer_without_a_word_has_no_points(output: str) -> None:
    assert LongBenchRougeEvaluator().score(output, ['a b']) == {'score': 0.0}
    assert LongBenchF1Evaluator('zh').score(output, ['王小明']) == {'score': 0.0}
    assert LongBenchCountEvaluator().score(output, ['2']) == {'score': 0.0}


def test_classes_that_are_parts_of_the_right_one_do_not_count() -> None:
    evaluator = LongBenchClassificationEvaluator()
    reference = {
        'answers': ['Other location'],
        'all_classes': ['location', 'Other location', 'City'],
    }
    assert evaluator.score('Other location', reference) == {'score': 1.0}
    assert evaluator.score('Other location, or City', reference) == {'score': 0.5}
    assert evaluator.score('City', reference) == {'score': 0.0}


def test_code_is_compared_by_its_first_line_in_percents() -> None:
    assert LongBenchCodeSimEvaluator().score('```\nabcd', ['abce']) == {'score': 0.75}


def test_a_reference_without_a_paragraph_is_an_error() -> None:
    with pytest.raises(ValueError, match='names no paragraph'):
        LongBenchRetrievalEvaluator('zh').score('1', ['Paragraph 1'])
    with pytest.raises(ConfigError, match="'en' or 'zh'"):
        LongBenchF1Evaluator('de')  # type: ignore[arg-type]


def test_the_classes_of_opencompass_mean_ours() -> None:
    for name in ('LongBench2wikimqaDataset', 'LongBenchpassage_retrieval_zhDataset'):
        assert resolve_type(f'opencompass.datasets.{name}') is LongBenchDataset
