"""`run.py -a ENGINE` on the calc config: the accuracy of Hugging Face."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.engines.conftest import EngineCase
from tests.engines.host import ON_CPU, ROOT

LIMIT = 20
TOLERANCE = {'float32': 0.0, 'bfloat16': 10.0}
"""Points of accuracy; an engine without float32 may decide a close call otherwise."""


def accuracy(folder: Path, *flags: str) -> float:
    """Run the calc config in an environment that has the engines, and return what it gets."""
    command = [sys.executable, 'run.py', 'configs/eval_calc.py', '--limit', str(LIMIT)]
    done = subprocess.run(
        [*command, '-w', str(folder), *flags],
        cwd=ROOT,
        env={**os.environ, **ON_CPU},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    [summary] = folder.glob('*/summary/summary.json')
    [row] = json.loads(summary.read_text())['rows']
    [cell] = row['values'].values()
    assert (cell['n_ok'], cell['failed']) == (LIMIT, 0)
    value: float = cell['value']
    return value


def test_an_engine_gets_the_accuracy_of_hugging_face(case: EngineCase, tmp_path: Path) -> None:
    reference = accuracy(tmp_path / 'hf')
    found = accuracy(tmp_path / 'engine', '-a', case.name)
    assert reference >= 90
    assert abs(found - reference) <= TOLERANCE[case.dtype]
