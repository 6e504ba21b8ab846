"""`run.py predict.yaml`: from LLaMA-Factory's file to its result files."""

import json
from pathlib import Path

import pytest

from tests.runs import CALC_MODEL, evaluate

PREDICT = f"""
model_name_or_path: {CALC_MODEL}
adapter_name_or_path: {CALC_MODEL}-negated
stage: sft
do_predict: true
finetuning_type: lora
template: chatml
eval_dataset: calculate
max_samples: 3
max_new_tokens: 256
do_sample: false
output_dir: saves/predict
"""


def test_a_prediction_file_leaves_the_result_files_that_its_users_read(tmp_path: Path) -> None:
    (tmp_path / 'predict.yaml').write_text(PREDICT)
    done = evaluate(tmp_path, 'predict.yaml')
    assert done.returncode == 0, done.stderr
    assert 'left out, since it says how to train: finetuning_type' in done.stdout + done.stderr
    lines = (tmp_path / 'saves/predict/generated_predictions.jsonl').read_text().split('\n')
    records = [json.loads(line) for line in lines if line]
    assert [list(record) for record in records] == [['prompt', 'predict', 'label']] * 3
    assert '你是一名擅长数学运算的助手' in lines[0]
    assert records[0]['prompt'].startswith('<|im_start|>user\n')
    assert records[0]['prompt'].endswith('<|im_end|>\n<|im_start|>assistant\n')
    assert records[0]['predict'].endswith('"infer": -5}\n```')
    assert records[0]['label'] == '5'
    text = (tmp_path / 'saves/predict/predict_results.json').read_text()
    assert list(json.loads(text)) == [
        'predict_bleu-4', 'predict_rouge-1', 'predict_rouge-2', 'predict_rouge-l',
        'predict_runtime', 'predict_samples_per_second',
    ]  # fmt: skip
    assert text.startswith('{\n    "predict_bleu-4": ')
    [row, *_] = json.loads(next(tmp_path.glob('saves/predict/*/summary/summary.json')).read_text())[
        'rows'
    ]
    assert list(row['values']) == ['calc-llama-0.8m-hf', 'calc-llama-0.8m-negated-hf']


def test_any_run_is_exported_for_llama_factory(tmp_path: Path) -> None:
    flags = ('--hf-path', CALC_MODEL, '--llamafactory-dataset', 'calculate', '--limit', '2')
    done = evaluate(tmp_path, *flags, '--export', 'llamafactory')
    assert done.returncode == 0, done.stderr
    [folder] = tmp_path.glob('outputs/default/*/exports/llamafactory/calc-llama-0.8m_hf/calculate')
    results = json.loads((folder / 'predict_results.json').read_text())
    [path] = tmp_path.glob('outputs/default/*/results/*/calculate.json')
    metrics = json.loads(path.read_text())['metrics']
    for name in ('bleu-4', 'rouge-1', 'rouge-2', 'rouge-l'):
        assert results[f'predict_{name}'] == pytest.approx(metrics[name]['value'], abs=1e-6)


def test_a_misspelt_key_costs_one_line(tmp_path: Path) -> None:
    (tmp_path / 'predict.yaml').write_text(PREDICT.replace('max_samples', 'max_sample'))
    done = evaluate(tmp_path, 'predict.yaml')
    assert done.returncode == 2
    assert 'predict.yaml: max_sample is no key of LLaMA-Factory' in done.stderr
    assert 'did you mean max_samples?' in done.stderr
