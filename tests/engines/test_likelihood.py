"""MMLU and HellaSwag by likelihood: an engine chooses as Hugging Face does, by equal losses."""

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.engines.conftest import EngineCase
from tests.engines.host import ROOT
from tests.engines.test_run import command
from tests.runs import CALC_MODEL, records, run_folder, values

CONFIG = f"""
from mmengine.config import read_base
from evalkit.models import HuggingFaceBaseModel

with read_base():
    from configs.datasets.mmlu.mmlu_ppl import mmlu_datasets
    from configs.datasets.hellaswag.hellaswag_ppl import hellaswag_datasets

datasets = [d for d in mmlu_datasets if d['name'] == 'abstract_algebra'] + hellaswag_datasets
models = [
    dict(
        type=HuggingFaceBaseModel,
        abbr='calc-hf',
        path={str(CALC_MODEL)!r},
        model_kwargs=dict(dtype='float32'),
    )
]
"""

NUM_QUESTIONS = 12


def write_mmlu(folder: Path, draw: random.Random) -> None:
    """Write sums with four options as MMLU has its questions."""
    for split, size in (('dev', 5), ('test', NUM_QUESTIONS)):
        path = folder / split / f'abstract_algebra_{split}.csv'
        path.parent.mkdir(parents=True)
        with path.open('w', newline='') as file:
            for _ in range(size):
                one, other = draw.randint(1, 9), draw.randint(1, 9)
                options = draw.sample([one + other, one * other + 20, one + 30, other + 50], 4)
                right = 'ABCD'[options.index(one + other)]
                csv.writer(file).writerow([f'{one} + {other} = ?', *options, right])


def write_hellaswag(path: Path, draw: random.Random) -> None:
    """Write sentences with four endings as OpenCompass has HellaSwag's."""
    path.parent.mkdir(parents=True)
    words = ['a', 'fox', 'jumps', 'over', 'the', 'lazy', 'dog', 'because', 'it', 'runs', 'fast']
    lines = [
        {
            'query': ' '.join(draw.choices(words, k=8)),
            'choices': [' '.join(draw.choices(words, k=draw.randint(2, 6))) for _ in range(4)],
            'gold': draw.randrange(4),
        }
        for _ in range(NUM_QUESTIONS)
    ]
    path.write_text(''.join(json.dumps(line) + '\n' for line in lines))


def losses(run: Path) -> dict[Any, dict[str, float]]:
    """Return the losses of each label by dataset and sample."""
    return {
        (len(record['prompt']), record['index'], str(record['prompt'])): record['extra']['losses']
        for record in records(run)
    }


def test_questions_by_likelihood_are_answered_as_on_hugging_face(
    case: EngineCase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(0)
    write_mmlu(tmp_path / 'data' / 'mmlu', draw)
    write_hellaswag(tmp_path / 'data' / 'hellaswag' / 'hellaswag.jsonl', draw)
    (tmp_path / 'choices.py').write_text(CONFIG.replace('float32', case.dtype))
    monkeypatch.setenv('EVALKIT_DATA', str(tmp_path))
    for name, flags in (('hf', ()), ('engine', ('-a', case.name))):
        done = command(ROOT / 'run.py', 'choices.py', '-w', name, *flags, cwd=tmp_path)
        assert done.returncode == 0, done.stderr + done.stdout
    runs = [run_folder(tmp_path, name) for name in ('hf', 'engine')]
    expected, found = (losses(run) for run in runs)
    assert len(expected) == 2 * NUM_QUESTIONS
    assert expected.keys() == found.keys()
    tolerance = 1e-4 if case.dtype == 'float32' else 0.05
    for key, labels in expected.items():
        assert found[key] == pytest.approx(labels, abs=tolerance)
    if case.dtype == 'float32':
        cells = [
            {dataset: cell['value'] for (dataset, _), cell in values(run).items()} for run in runs
        ]
        assert cells[0] == cells[1]
