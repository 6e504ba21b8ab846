"""Measures how long the commands take that load no model.

    python -m benchmarks.startup [--runs 5]

Prints CPU and wall-clock seconds, medians of several runs, of `--help`, `--list` and `--dry-run`,
and beside them what Python itself takes and what importing the engine would take.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
RUN = [sys.executable, str(ROOT / 'run.py')]
CALC = str(ROOT / 'configs' / 'eval_calc.py')

HELP_LIMIT = 0.5
"""CPU seconds that `--help` may take."""

COMMANDS = {
    'python -c pass': [sys.executable, '-c', 'pass'],
    'run.py --help': [*RUN, '--help'],
    'run.py --list': [*RUN, '--list'],
    'run.py eval_calc.py --dry-run': [*RUN, CALC, '--dry-run'],
    'python -c "import transformers, torch"': [
        sys.executable,
        '-c',
        'import torch; from transformers import AutoModelForCausalLM, AutoTokenizer',
    ],
}


def measure(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Return the CPU and the wall-clock seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment(), check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall


def environment() -> dict[str, str]:
    """Return the environment of all commands: one thread for torch."""
    return {**os.environ, 'OMP_NUM_THREADS': '1'}


def main() -> int:
    """Print the table; return 1 if `--help` is too slow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--runs', type=int, default=5)
    runs = parser.parse_args().runs
    help_cpu = 0.0
    print('| command | CPU s | wall s |\n| --- | ---: | ---: |')
    with tempfile.TemporaryDirectory() as folder:
        for name, command in COMMANDS.items():
            measure(command, Path(folder))  # the first run fills the caches
            cpus, walls = zip(*(measure(command, Path(folder)) for _ in range(runs)), strict=True)
            print(f'| `{name}` | {median(cpus):.2f} | {median(walls):.2f} |')
            if '--help' in name:
                help_cpu = median(cpus)
    return int(help_cpu > HELP_LIMIT)


if __name__ == '__main__':
    sys.exit(main())
