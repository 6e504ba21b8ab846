"""What evalkit costs on top of an engine: `run.py -a ENGINE` against a script with the engine.

    python -m benchmarks.engine_overhead GSM8K [--engines vllm sglang lmdeploy] [--num 1319]

GSM8K is a folder with `test.jsonl` (https://github.com/openai/grade-school-math). Run it with the
Python of an environment that has the engines. Both sides ask the calc model the same questions, all
at once, and each answer has exactly `--tokens` tokens; evalkit also stores and scores them
(`benchmarks/bare_engines.py` is the other side). Prints a line of a Markdown table an engine.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
MODEL = ROOT / 'models' / 'calc-llama-0.8m'

MAX_RATIO = 1.05
"""Of the times of generation."""

MAX_SECONDS = 4.0
"""That the whole command may take longer."""

CONFIG = """
from mmengine.config import read_base

with read_base():
    from configs.datasets.gsm8k.gsm8k_0shot_gen_a58960 import gsm8k_datasets as datasets
    from configs.models.calc.hf_calc_llama import models

datasets[0]['path'] = {folder!r}
datasets[0]['reader_cfg']['test_range'] = '[:{num}]'
datasets[0]['infer_cfg']['inferencer']['max_out_len'] = {num_tokens}
models[0]['min_out_len'] = {num_tokens}
"""


@dataclass(frozen=True)
class Work:
    """What both sides do."""

    gsm8k: Path
    num: int
    num_tokens: int


@dataclass(frozen=True)
class Side:
    """Seconds of the whole command, of loading the engine, and of generating; the tokens."""

    whole: float
    load: float
    ask: float
    tokens: int


def spend(command: Sequence[str]) -> tuple[float, str]:
    """Return the seconds that a command takes, and its output."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f'{" ".join(command)} failed:\n{done.stderr[-3000:]}')
    return time.perf_counter() - began, done.stdout


def run_bare(engine: str, work: Work) -> Side:
    """Run the script that one would write by hand."""
    arguments = [str(MODEL), str(work.gsm8k / 'test.jsonl'), str(work.num), str(work.num_tokens)]
    command = [sys.executable, '-m', 'benchmarks.bare_engines', engine, *arguments]
    whole, output = spend(command)
    told = json.loads(next(line for line in output.splitlines() if line.startswith('{"tokens')))
    return Side(whole, told['load_seconds'], told['ask_seconds'], told['tokens'])


def run_evalkit(engine: str, work: Work) -> Side:
    """Run the command in a new work directory."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, 'overhead.py')
        config.write_text(
            CONFIG.format(folder=str(work.gsm8k), num=work.num, num_tokens=work.num_tokens)
        )
        command = [sys.executable, 'run.py', str(config), '-a', engine, '-w', f'{folder}/out']
        whole, _ = spend(command)
        [run] = Path(folder, 'out').iterdir()
        summary = json.loads((run / 'summary' / 'summary.json').read_text())
        [told] = (run / 'predictions').glob('*/engine.json')
        load = json.loads(told.read_text())['load_seconds']
    [[timing]] = [list(each.values()) for each in summary['timing'].values()]
    return Side(whole, load, timing['infer_seconds'], timing['output_tokens'])


def row(engine: str, bare: Sequence[Side], ours: Sequence[Side]) -> tuple[str, bool]:
    """Return a line of the table, and whether both limits hold."""
    pairs = list(zip(ours, bare, strict=True))
    if any(our.tokens != their.tokens for our, their in pairs):
        raise SystemExit(f'{engine}: the two sides did not generate as many tokens: {pairs}')
    ratio = median(our.ask / their.ask for our, their in pairs)
    more = median(our.whole - their.whole for our, their in pairs)
    cells = [
        engine,
        str(ours[0].tokens),
        *(f'{median(side.load for side in sides):.1f}' for sides in (bare, ours)),
        *(f'{median(side.ask for side in sides):.2f}' for sides in (bare, ours)),
        f'{ratio:.3f}',
        *(f'{median(side.whole for side in sides):.1f}' for sides in (bare, ours)),
        f'{more:+.1f} s',
    ]
    return f'| {" | ".join(cells)} |', ratio <= MAX_RATIO and more <= MAX_SECONDS


def main() -> int:
    """Print the table; return 1 if a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('gsm8k', type=Path, help='a folder with test.jsonl and train.jsonl')
    parser.add_argument('--engines', nargs='+', default=['vllm', 'sglang', 'lmdeploy'])
    parser.add_argument('--num', type=int, default=1319, help='questions (1319)')
    parser.add_argument('--tokens', type=int, default=128, help='of each answer (128)')
    parser.add_argument('--runs', type=int, default=1, help='of each side, in turns (1)')
    arguments = parser.parse_args()
    work = Work(arguments.gsm8k.resolve(), arguments.num, arguments.tokens)
    os.environ['PYTHONPATH'] = os.pathsep.join([os.environ.get('PYTHONPATH', ''), str(ROOT)])
    print('| engine | tokens | load: bare, s | evalkit, s | generate: bare, s | evalkit, s | ratio '
          '| whole: bare, s | evalkit, s | more |')  # fmt: skip
    print('| --- |' + ' ---: |' * 9)
    is_within = True
    for engine in arguments.engines:
        turns = [(run_bare(engine, work), run_evalkit(engine, work)) for _ in range(arguments.runs)]
        line, holds = row(engine, *(list(sides) for sides in zip(*turns, strict=True)))
        print(line, flush=True)
        is_within = is_within and holds
    return int(not is_within)


if __name__ == '__main__':
    sys.exit(main())
