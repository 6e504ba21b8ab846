"""How long it takes to score the 57 subjects of MMLU, 14,042 answers: `python -m
benchmarks.mmlu_scoring [--runs 3]`.

The files are made up in the real format, the answers are those of a scripted model, and what is
measured is the whole command `run.py -m eval -r`, with and without the details of each sample, and
beside it the loading of all configs of `configs/datasets/mmlu`.
"""

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from evalkit.config import load_config

ROOT = Path(__file__).parents[1]

SCORING_LIMIT = 5.0
LOADING_LIMIT = 1.0
"""Seconds that the two may take."""

CONFIG = """
from mmengine.config import read_base
from evalkit.models import ScriptedModel
with read_base():
    from configs.datasets.mmlu.mmlu_gen import mmlu_datasets
    from configs.summarizers.groups.mmlu import mmlu_summary_groups
datasets = mmlu_datasets
models = [dict(type=ScriptedModel, path='m', abbr='m', default='The correct answer is C.')]
summarizer = dict(summary_groups=mmlu_summary_groups)
"""

LOAD = """
import time
from evalkit.catalog import list_configs
from evalkit.config import load_config
began = time.perf_counter()
for row in list_configs(['mmlu/*']):
    load_config(row.path)
print(time.perf_counter() - began)
"""


def make_data(folder: Path) -> int:
    """Write a dev and a test file for each subject, as many rows as there are; return how many."""
    groups = load_config(ROOT / 'configs/summarizers/groups/mmlu.py')['mmlu_summary_groups']
    [sizes] = [group['weights'] for group in groups if 'weights' in group]
    draw = random.Random(0)
    for abbr, size in sizes.items():
        name = abbr.removeprefix('lukaemon_mmlu_')
        write_rows(folder / 'dev' / f'{name}_dev.csv', 5, draw)
        write_rows(folder / 'test' / f'{name}_test.csv', size, draw)
    return int(sum(sizes.values()))


def write_rows(path: Path, size: int, draw: random.Random) -> None:
    """Write questions of about the real length: 400 characters and four options of 30."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open('w', newline='') as file:
        rows = csv.writer(file)
        for _ in range(size):
            question = ' '.join(str(draw.getrandbits(30)) for _ in range(40))
            options = [f'{draw.getrandbits(30)} of {draw.getrandbits(30)}' for _ in 'ABCD']
            rows.writerow([question, *options, draw.choice('ABCD')])


def run(folder: Path, *arguments: str) -> tuple[float, float]:
    """Run a command of evalkit; return its wall-clock and CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    command = [sys.executable, str(ROOT / 'run.py'), 'eval.py', *arguments]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=environment())
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def environment() -> dict[str, str]:
    """Return the environment of all commands."""
    return {**os.environ, 'OMP_NUM_THREADS': '1'}


def loading_seconds() -> float:
    """Return how long all configs of MMLU take to load, in a process of its own."""
    done = subprocess.run(
        [sys.executable, '-c', LOAD], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def main() -> int:
    """Print the table; return 1 if a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--runs', type=int, default=3)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = make_data(folder / 'data' / 'mmlu')
        (folder / 'eval.py').write_text(CONFIG)
        run(folder, '-m', 'infer')
        measured = {
            f'`-m eval -r`, {size:,} answers': ['-m', 'eval', '-r'],
            'without details': ['-m', 'eval', '-r', '--dump-eval-details', 'false'],
        }
        print('| what | wall s | CPU s |\n| --- | ---: | ---: |')
        walls = []
        for title, arguments in measured.items():
            wall, cpu = map(
                median, zip(*(run(folder, *arguments) for _ in range(runs)), strict=True)
            )
            walls.append(wall)
            print(f'| {title} | {wall:.2f} | {cpu:.2f} |')
    loading = median(loading_seconds() for _ in range(runs))
    print(f'| loading `configs/datasets/mmlu` | {loading:.2f} | |')
    if max(walls) <= SCORING_LIMIT and loading <= LOADING_LIMIT:
        return 0
    sys.stderr.write(
        f'too slow: scoring may take {SCORING_LIMIT:.0f} s and loading {LOADING_LIMIT:.0f} s, '
        'on an idle machine\n'
    )
    return 1


if __name__ == '__main__':
    sys.exit(main())
