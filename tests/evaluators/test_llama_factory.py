"""The golden values were computed by nltk 3.9, rouge_chinese 1.0.3 and jieba 0.42.1."""

import json
from pathlib import Path

import pytest

from evalkit.evaluators import LlamaFactoryEvaluator

GOLDEN = Path(__file__).with_name('llama_factory_golden.jsonl')
CASES = [json.loads(line) for line in GOLDEN.read_text(encoding='utf-8').split('\n') if line]
METRICS = ['bleu-4', 'rouge-1', 'rouge-2', 'rouge-l']


@pytest.mark.parametrize(
    'case', CASES, ids=lambda case: f'{case["predict"]:.12} for {case["label"]:.12}'
)
def test_each_metric_is_llama_factorys_to_four_decimals(case: dict[str, str | float]) -> None:
    scores = LlamaFactoryEvaluator().score(case['predict'], case['label'])
    assert {name: f'{100 * value:.4f}' for name, value in scores.items()} == {
        name: f'{case[name]:.4f}' for name in METRICS
    }


def test_a_metric_of_the_dataset_is_the_mean_from_0_to_100() -> None:
    evaluator = LlamaFactoryEvaluator()
    scores = [evaluator.score('机器学习', '机器学习'), evaluator.score('ab', 'cd')]
    found = evaluator.aggregate(scores, [0, 1])
    assert list(found) == METRICS
    assert {name: metric.value for name, metric in found.items()} == {
        'bleu-4': 50.0, 'rouge-1': 50.0, 'rouge-2': 50.0 * (scores[0]['rouge-2']), 'rouge-l': 50.0
    }  # fmt: skip
