"""A base model next to its adapters: equal on every engine, from a config and from a YAML file."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.engines.conftest import EngineCase
from tests.engines.host import ON_CPU, ROOT

LIMIT = 4
BASE, BARE, NEGATED = 'calc-llama-0.8m', 'calc-llama-0.8m-bare', 'calc-llama-0.8m-negated'

PREDICT = """
model_name_or_path: models/calc-llama-0.8m
adapter_name_or_path: models/calc-llama-0.8m-negated
stage: sft
do_predict: true
template: chatml
eval_dataset: calculate
max_samples: 4
max_new_tokens: 256
do_sample: false
output_dir: {output}
"""


def run(folder: Path, *arguments: str) -> Path:
    """Run an evaluation in an environment that has the engines; its folder comes back."""
    done = subprocess.run(
        [sys.executable, 'run.py', *arguments, '-w', str(folder)],
        cwd=ROOT,
        env={**os.environ, **ON_CPU},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    [workspace] = (path.parent for path in folder.glob('*/summary'))
    return workspace


def outputs(workspace: Path, model: str, dataset: str) -> list[str]:
    """Return the answers of a model, in the order of the samples."""
    records = [
        json.loads(line)
        for path in (workspace / 'predictions' / model / dataset).glob('*.jsonl')
        for line in path.read_text().splitlines()
    ]
    return [record['output'] for record in sorted(records, key=lambda record: record['index'])]


def test_adapters_answer_beside_their_base_as_on_hugging_face(
    case: EngineCase, tmp_path: Path
) -> None:
    config = ('configs/eval_calc_adapters.py', '--limit', str(LIMIT))
    expected = run(tmp_path / 'hf', *config)
    found = run(tmp_path / 'engine', *config, '-a', case.name)
    for model in (BASE, BARE, NEGATED):
        answers = outputs(expected, f'{model}-hf', 'calc')
        assert len(answers) == LIMIT
        assert outputs(found, f'{model}-{case.name}', 'calc') == answers
    assert len([*found.glob('logs/infer/*/*.log')]) == 1


def test_a_prediction_file_of_llama_factory_is_answered_the_same(
    case: EngineCase, tmp_path: Path
) -> None:
    path = tmp_path / 'predict.yaml'
    path.write_text(PREDICT.format(output=tmp_path / 'saves'))
    lines = []
    for name, flags in (('hf', ()), ('engine', ('-a', case.name))):
        run(tmp_path / name, str(path), *flags)
        lines.append((tmp_path / name / 'generated_predictions.jsonl').read_text())
    assert lines[0] == lines[1]
    assert lines[0].count('"infer\\": -') == LIMIT
