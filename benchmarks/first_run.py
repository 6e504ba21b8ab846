"""Measures the first run: `python run.py configs/eval_calc.py`, once it is installed.

    python -m benchmarks.first_run [--runs 5]

1. The whole command against a bare transformers script (`benchmarks/bare_transformers.py`) that
   asks the same model the same 100 prompts in one batch, on all cores, run in turns; as one would
   write it, and with a C library that is told to keep freed memory, as evalkit tells its own.
2. What evalkit adds: the CPU seconds of the whole command and all its processes, on one thread,
   without those of loading and asking; and, as a cross-check, the CPU seconds of the same
   evaluation with a scripted model, which neither loads nor asks anything.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / 'configs' / 'eval_calc.py'
MODEL_ABBR = 'calc-llama-0.8m-hf'

WALL_LIMIT = 20.0
"""Seconds that the whole command may take on two cores."""

CPU_LIMIT = 3.0
"""CPU seconds that everything but loading and asking may take."""

ONE_THREAD = {'OMP_NUM_THREADS': '1'}

KEEP_MEMORY = {
    'MALLOC_MMAP_MAX_': '0',
    'MALLOC_TRIM_THRESHOLD_': str(2**31 - 1),
    'MALLOC_TOP_PAD_': str(64 << 20),
}
"""The environment of a bare script that does not give its memory back at every token."""

SCRIPTED = """
from mmengine.config import read_base

with read_base():
    from configs.datasets.calc.calc_gen import calc_datasets as datasets

models = [
    dict(
        type='evalkit.models.ScriptedChatModel',
        abbr='scripted',
        default='```json\\n{"reason": "1+1=2", "infer": 2}\\n```',
    )
]
"""


@dataclass(frozen=True)
class Run:
    """One run of a command: seconds of the clock, of all CPUs, of loading and of asking."""

    wall: float
    cpu: float
    load: float
    ask: float
    accuracy: float

    @property
    def rest(self) -> float:
        """CPU seconds without loading and asking; right only where there is one thread."""
        return self.cpu - self.load - self.ask


def spend(command: Sequence[str], **variables: str) -> tuple[float, float, str]:
    """Return the wall-clock and CPU seconds of a command and its children, and its output."""
    env = {**os.environ, **variables}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, done.stdout.decode()


def run_evalkit(**variables: str) -> Run:
    """Run the first run in a new work directory."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, 'run.py', str(CONFIG), '-w', folder]
        wall, cpu, _ = spend(command, **variables)
        [run] = Path(folder).iterdir()
        summary = json.loads((run / 'summary' / 'summary.json').read_text())
        engine = json.loads((run / 'predictions' / MODEL_ABBR / 'engine.json').read_text())
    [row] = summary['rows']
    timing = summary['timing'][MODEL_ABBR]['calc']
    accuracy = row['values'][MODEL_ABBR]['value']
    return Run(wall, cpu, engine['load_seconds'], timing['infer_seconds'], accuracy)


def run_bare(**variables: str) -> Run:
    """Run the script that one would write by hand."""
    wall, cpu, output = spend([sys.executable, '-m', 'benchmarks.bare_transformers'], **variables)
    told = json.loads(output)
    return Run(wall, cpu, told['load_seconds'], told['ask_seconds'], told['accuracy'])


def run_scripted() -> float:
    """Return the CPU seconds of the same evaluation with a model that costs nothing."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, 'scripted.py')
        config.write_text(SCRIPTED)
        command = [sys.executable, 'run.py', str(config), '-w', f'{folder}/out']
        return spend(command, **ONE_THREAD)[1]


def row(name: str, runs: Sequence[Run]) -> str:
    """Return a line of the table: medians, and the range of the wall-clock seconds."""
    walls = [run.wall for run in runs]
    cells = [
        f'{median(walls):.1f} ({min(walls):.1f} to {max(walls):.1f})',
        f'{median(run.load for run in runs):.1f}',
        f'{median(run.ask for run in runs):.2f}',
        f'{median(run.accuracy for run in runs):.0f}',
    ]
    return f'| {name} | {" | ".join(cells)} |'


def compare(num_runs: int) -> list[Run]:
    """Print who takes how long on all cores, and return evalkit's runs."""
    run_evalkit(), run_bare()  # fill the caches of the disk
    turns = [(run_evalkit(), run_bare(), run_bare(**KEEP_MEMORY)) for _ in range(num_runs)]
    ours, bare, tuned = (list(runs) for runs in zip(*turns, strict=True))
    print('| on all cores | whole command, s | loading, s | asking, s | accuracy |')
    print('| --- | ---: | ---: | ---: | ---: |')
    print(row('`python run.py configs/eval_calc.py`', ours))
    for name, theirs in (('bare script', bare), ('bare script, keeping freed memory', tuned)):
        print(row(name, theirs))
        whole = median(our.wall / their.wall for our, their in zip(ours, theirs, strict=True))
        asking = median(our.ask / their.ask for our, their in zip(ours, theirs, strict=True))
        print(f'| evalkit / {name} | {whole:.2f} | | {asking:.2f} | |')
    return ours


def account(num_runs: int) -> float:
    """Print the CPU seconds on one thread, and return those beside loading and asking."""
    runs = [run_evalkit(**ONE_THREAD) for _ in range(num_runs)]
    rest = median(run.rest for run in runs)
    print('\n| on one thread | CPU s |\n| --- | ---: |')
    print(f'| whole command | {median(run.cpu for run in runs):.1f} |')
    print(f'| without loading and asking | {rest:.2f} |')
    scripted = median(run_scripted() for _ in range(num_runs))
    print(f'| the same with a scripted model | {scripted:.2f} |')
    return rest


def main() -> int:
    """Print the tables; return 1 if a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--runs', type=int, default=5)
    num_runs = parser.parse_args().runs
    wall = median(run.wall for run in compare(num_runs))
    return int(wall > WALL_LIMIT or account(num_runs) > CPU_LIMIT)


if __name__ == '__main__':
    sys.exit(main())
