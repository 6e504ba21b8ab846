"""In debug mode tasks run one after another in this process, in sight."""

import json
import subprocess
from pathlib import Path
from typing import Any

from evalkit.tasks.base import Task
from tests.runners.scripts import ROOT, command_to_run


def real_task(abbr: str, data: Path, folder: Path) -> Task:
    model = {'type': 'evalkit.models.ScriptedModel', 'abbr': abbr, 'default': '4'}
    dataset = {
        'type': 'evalkit.datasets.CalcDataset',
        'abbr': 'calc',
        'path': str(data),
        'reader_cfg': {'input_columns': ['question'], 'output_column': 'answer', 'limit': 5},
        'infer_cfg': {
            'prompt_template': {
                'type': 'evalkit.prompts.PromptTemplate',
                'template': '{question}',
            },
            'retriever': {'type': 'evalkit.prompts.ZeroRetriever'},
            'inferencer': {'type': 'evalkit.inferencers.GenInferencer', 'max_out_len': 8},
        },
    }
    return Task('infer', model, (dataset,), str(folder))


def run_real(folder: Path, *tasks: Task, **keywords: Any) -> tuple[int, list[Any], str]:
    command = command_to_run(folder, *tasks, **keywords)
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    return ended.returncode, json.loads(ended.stdout)['statuses'], ended.stderr


def test_tasks_run_here_and_the_failure_of_one_leaves_the_next(tmp_path: Path) -> None:
    bad = real_task('bad', tmp_path / 'missing.json', tmp_path)
    good = real_task('good', ROOT / 'data/calculate.json', tmp_path)
    code, statuses, seen = run_real(tmp_path, bad, good, debug=True)
    assert code == 3
    assert [status['returncode'] for status in statuses] == [3, 0]
    assert 'missing.json' in statuses[0]['reason']
    assert 'calc: reused 0, stale 0, new 5' in seen
    [records] = (tmp_path / 'predictions/good/calc').glob('*.jsonl')
    assert len(records.read_text().splitlines()) == 5
    assert not list(tmp_path.rglob('*.log'))
