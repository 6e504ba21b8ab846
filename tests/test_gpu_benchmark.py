"""The script for machines with a GPU runs, on a tiny model."""

import subprocess
import sys
from pathlib import Path

from tests.runs import ROOT, environment


def test_the_benchmark_for_gpus_makes_its_model_and_its_table(tmp_path: Path) -> None:
    flags = ['--shape', 'tiny', '--num', '4', '--tokens', '8', '--engines']
    paths = ['--folder', str(tmp_path / 'made'), '--out', str(tmp_path / 'table.md')]
    done = subprocess.run(
        [sys.executable, '-m', 'benchmarks.gpu.engines', *paths, *flags],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    header, _, line = (tmp_path / 'table.md').read_text().splitlines()
    cells = dict(zip(header.split(' | '), line.split(' | '), strict=True))
    assert line.startswith('| `run.py`, Hugging Face | ')
    assert cells['tokens'] == '32'
