"""Engines on a GPU: each alone, under evalkit, and Hugging Face, on one model; no download.

    python -m benchmarks.gpu.engines [--engines vllm] [--num 1319] [--tokens 256] [--runs 3]

Makes a Llama of the shape of Llama-3-8B with random weights (16 GB in `--folder`, which is kept for
the next time), or takes `--model`. Prints a Markdown table, and writes it to `--out`. On a machine
without a GPU `--shape tiny` shows that it runs.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.engine_runs import (
    ROOT,
    FailedError,
    Side,
    Work,
    in_turns,
    run_bare,
    run_evalkit,
)
from benchmarks.gpu.model import SHAPES, save_questions
from evalkit.runners.devices import visible_gpus

HEADER = '| | load, s | generate, s | tokens | tokens/s | of the bare engine | whole command, s |'
FOLDER = ROOT / 'outputs' / 'gpu-benchmark'

NUM_WARM_UP = 8
"""Questions of the run that is not counted."""


def prepare(arguments: argparse.Namespace) -> Work:
    """Return the work, after making what is missing."""
    folder: Path = arguments.folder.resolve()
    model = given_model(arguments.model) or made_model(arguments.shape, folder)
    gsm8k = arguments.gsm8k or folder / 'gsm8k-like'
    if arguments.gsm8k is None:
        gsm8k.mkdir(parents=True, exist_ok=True)
        save_questions(gsm8k, arguments.num)
    has_gpu = bool(visible_gpus(os.environ))
    return Work(
        model=model.resolve(),
        gsm8k=gsm8k.resolve(),
        num=arguments.num,
        num_tokens=arguments.tokens,
        dtype='bfloat16' if has_gpu else None,
        num_gpus=int(has_gpu),
    )


def given_model(model: Path | None) -> Path | None:
    """Return the model that the user names, if any."""
    if model and not (model / 'config.json').exists():
        sys.exit(f'--model takes the folder of a model: there is no {model / "config.json"}')
    return model


def made_model(shape: str, folder: Path) -> Path:
    """Return the random model of that shape, which is made once."""
    model = folder / shape
    if not (model / 'config.json').exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, '-m', 'benchmarks.gpu.model', shape, str(model)]
        subprocess.run(command, cwd=ROOT, check=True)  # a process, to give the memory back
    return model


def row(name: str, sides: Sequence[Side], bare: Sequence[Side] = ()) -> str:
    """Return a line of the table: medians, and the share of the speed of the bare side."""
    load, ask, whole = (
        median(getattr(side, key) for side in sides) for key in ('load', 'ask', 'whole')
    )
    tokens = sides[0].tokens
    shares = [their.ask / our.ask for their, our in zip(bare, sides, strict=True)] if bare else []
    share = f'{median(shares):.2f}' if shares else ''
    cells = [name, f'{load:.1f}', f'{ask:.2f}', str(tokens), f'{tokens / ask:.0f}', share]
    return f'| {" | ".join([*cells, f"{whole:.1f}"])} |'


def failed(name: str, error: FailedError) -> str:
    """Say why, and return the line that says so."""
    sys.stderr.write(f'{name}: {error}\n')
    return f'| {name} | FAILED | | | | | |'


def engine_rows(engine: str, work: Work, num_runs: int) -> list[str]:
    """Return a line for each side, after a run that warms files and kernels up for both."""
    bare, ours = partial(run_bare, engine, work), partial(run_evalkit, engine, work)
    try:
        run_bare(engine, replace(work, num=min(work.num, NUM_WARM_UP)))
        theirs, own = in_turns(bare, ours, num_runs)
    except FailedError as error:
        return [failed(engine, error)]
    return [row(f'{engine}, alone', theirs), row(f'`run.py -a {engine}`', own, theirs)]


def hugging_face_row(work: Work) -> str:
    """Return the line of one run without an engine."""
    name = '`run.py`, Hugging Face'
    try:
        return row(name, [run_evalkit(None, work)])
    except FailedError as error:
        return failed(name, error)


def table(
    engines: Sequence[str], work: Work, num_runs: int, *, with_hugging_face: bool
) -> list[str]:
    """Return the lines, each of which is printed as soon as it is there."""
    lines = [HEADER, '| --- |' + ' ---: |' * 6]
    print('\n'.join(lines), flush=True)

    def add(line: str) -> None:
        lines.append(line)
        print(line, flush=True)

    for engine in engines:
        for line in engine_rows(engine, work, num_runs):
            add(line)
    if with_hugging_face:
        add(hugging_face_row(work))
    return lines


def main() -> int:
    """Print and write the table; return 1 if anything in it failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--engines', nargs='*', default=['vllm'])
    parser.add_argument('--shape', choices=SHAPES, default='llama-3-8b')
    parser.add_argument('--model', type=Path, help='a folder, in place of a random model')
    parser.add_argument('--gsm8k', type=Path, help='the real questions, in place of made ones')
    parser.add_argument('--num', type=int, default=1319, help='questions (1319)')
    parser.add_argument('--tokens', type=int, default=256, help='of each answer (256)')
    parser.add_argument('--runs', type=int, default=1, help='of both sides of an engine (1)')
    parser.add_argument('--no-hugging-face', action='store_true', help='leave it out')
    parser.add_argument('--folder', type=Path, default=FOLDER, help='for model and questions')
    parser.add_argument('--out', type=Path, help='a file for the table')
    arguments = parser.parse_args()
    work = prepare(arguments)
    with_hugging_face = not arguments.no_hugging_face
    lines = table(arguments.engines, work, arguments.runs, with_hugging_face=with_hugging_face)
    if arguments.out:
        arguments.out.write_text('\n'.join(lines) + '\n')
    return int(any('FAILED' in line for line in lines))


if __name__ == '__main__':
    sys.exit(main())
