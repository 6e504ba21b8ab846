"""The two sides of a comparison on one model and one set of questions: a bare script, evalkit."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

CONFIG = """
from mmengine.config import read_base

with read_base():
    from configs.datasets.gsm8k.gsm8k_0shot_gen_a58960 import gsm8k_datasets as datasets

datasets[0]['path'] = {folder!r}
datasets[0]['reader_cfg']['test_range'] = '[:{num}]'
datasets[0]['infer_cfg']['inferencer']['max_out_len'] = {num_tokens}

models = [
    dict(
        type='evalkit.models.HuggingFacewithChatTemplate',
        abbr='model-hf',
        path={model!r},
        model_kwargs={model_kwargs!r},
        max_seq_len=2048,
        min_out_len={num_tokens},
        run_cfg=dict(num_gpus={num_gpus}),
    )
]
"""


@dataclass(frozen=True)
class Work:
    """What both sides do: `num` questions of `gsm8k`, each answer of `num_tokens` tokens.

    `dtype` None is float32, or what an engine has in its place, on a CPU.
    """

    model: Path
    gsm8k: Path
    num: int
    num_tokens: int
    dtype: str | None = None
    num_gpus: int = 0


@dataclass(frozen=True)
class Side:
    """Seconds of the whole command, of loading the engine, and of generating; the tokens."""

    whole: float
    load: float
    ask: float
    tokens: int


Run = Callable[[], Side]
"""Runs a side once."""


class FailedError(Exception):
    """A command failed, with its last lines; or the two sides did not do the same work."""


def in_turns(bare: Run, ours: Run, num_runs: int) -> tuple[list[Side], list[Side]]:
    """Return what the bare side and evalkit took in each turn; every other one evalkit begins.

    Who comes second finds its files in memory.
    """
    theirs: list[Side] = []
    own: list[Side] = []
    sides = [(bare, theirs), (ours, own)]
    for turn in range(num_runs):
        for run, taken in sides if turn % 2 == 0 else reversed(sides):
            taken.append(run())
        if theirs[-1].tokens != own[-1].tokens:
            raise FailedError(f'not as many tokens on both sides: {theirs[-1]}, {own[-1]}')
    return theirs, own


def spend(command: Sequence[str]) -> tuple[float, str]:
    """Return the seconds that a command takes, and its output."""
    path = os.pathsep.join(filter(None, [os.environ.get('PYTHONPATH'), str(ROOT)]))
    env = {**os.environ, 'PYTHONPATH': path}
    began = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True, text=True)
    if done.returncode:
        said = (done.stdout + done.stderr)[-3000:]
        raise FailedError(f'{" ".join(command)} failed:\n{said}')
    return time.perf_counter() - began, done.stdout


def run_bare(engine: str, work: Work) -> Side:
    """Run the script that one would write by hand."""
    questions = str(work.gsm8k / 'test.jsonl')
    arguments = [str(work.model), questions, str(work.num), str(work.num_tokens)]
    command = [sys.executable, '-m', 'benchmarks.bare_engines', engine, *arguments]
    whole, output = spend([*command, work.dtype or 'float32'])
    told = json.loads(next(line for line in output.splitlines() if line.startswith('{"tokens')))
    return Side(whole, told['load_seconds'], told['ask_seconds'], told['tokens'])


def run_evalkit(engine: str | None, work: Work) -> Side:
    """Run the command in a new work directory; without an engine it is Hugging Face."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, 'gsm8k.py')
        config.write_text(
            CONFIG.format(
                folder=str(work.gsm8k),
                model=str(work.model),
                model_kwargs={'dtype': work.dtype} if work.dtype else {},
                num=work.num,
                num_tokens=work.num_tokens,
                num_gpus=work.num_gpus,
            )
        )
        flags = ['-a', engine] if engine else []
        whole, _ = spend([sys.executable, 'run.py', str(config), *flags, '-w', f'{folder}/out'])
        [run] = Path(folder, 'out').iterdir()
        summary = json.loads((run / 'summary' / 'summary.json').read_text())
        [told] = (run / 'predictions').glob('*/engine.json')
        load = json.loads(told.read_text())['load_seconds']
    [[timing]] = [list(each.values()) for each in summary['timing'].values()]
    return Side(whole, load, timing['infer_seconds'], timing['output_tokens'])
