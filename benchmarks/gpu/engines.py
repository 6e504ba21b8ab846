"""Engines on a GPU: each alone, under evalkit, and Hugging Face, on one model; no download.

    python -m benchmarks.gpu.engines [--engines vllm] [--num 1319] [--tokens 256]

Makes a Llama of the shape of Llama-3-8B with random weights (16 GB in `--folder`, which is kept for
the next time), or takes `--model`. Prints a Markdown table, and writes it to `--out`. On a machine
without a GPU `--shape tiny` shows that it runs.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.engine_runs import ROOT, FailedError, Side, Work, run_bare, run_evalkit
from benchmarks.gpu.model import SHAPES, save_questions

HEADER = '| | load, s | generate, s | tokens | tokens/s | of the bare engine | whole command, s |'
FOLDER = ROOT / 'outputs' / 'gpu-benchmark'


def prepare(arguments: argparse.Namespace) -> Work:
    """Return the work, after making what is missing."""
    folder: Path = arguments.folder.resolve()
    model = arguments.model or folder / arguments.shape
    if not (model / 'config.json').exists():
        model.mkdir(parents=True)
        command = [sys.executable, '-m', 'benchmarks.gpu.model', arguments.shape, str(model)]
        subprocess.run(command, cwd=ROOT, check=True)  # a process, to give the memory back
    gsm8k = arguments.gsm8k or folder / 'gsm8k-like'
    if arguments.gsm8k is None:
        gsm8k.mkdir(parents=True, exist_ok=True)
        save_questions(gsm8k, arguments.num)
    has_gpu = Path('/dev/nvidiactl').exists()
    return Work(
        model=model.resolve(),
        gsm8k=gsm8k.resolve(),
        num=arguments.num,
        num_tokens=arguments.tokens,
        dtype='bfloat16' if has_gpu else None,
        num_gpus=int(has_gpu),
    )


def row(name: str, side: Side, bare: Side | None) -> str:
    """Return a line of the table."""
    speed = side.tokens / side.ask
    share = f'{speed / (bare.tokens / bare.ask):.2f}' if bare else ''
    cells = [name, f'{side.load:.1f}', f'{side.ask:.2f}', str(side.tokens), f'{speed:.0f}']
    return f'| {" | ".join([*cells, share, f"{side.whole:.1f}"])} |'


def measured(name: str, run: Callable[[], Side], bare: Side | None) -> tuple[str, Side | None]:
    """Return the line of one run, which says so if it failed, and what it took."""
    try:
        side = run()
    except FailedError as error:
        sys.stderr.write(f'{error}\n')
        return f'| {name} | FAILED | | | | | |', None
    return row(name, side, bare), side


def table(engines: Sequence[str], work: Work, *, with_hugging_face: bool) -> list[str]:
    """Return the lines, each of which is printed as soon as it is there."""
    lines = [HEADER, '| --- |' + ' ---: |' * 6]
    print('\n'.join(lines), flush=True)

    def add(line: str) -> None:
        lines.append(line)
        print(line, flush=True)

    for engine in engines:
        line, bare = measured(f'{engine}, alone', partial(run_bare, engine, work), None)
        add(line)
        ours = partial(run_evalkit, engine, work)
        add(measured(f'`run.py -a {engine}`', ours, bare)[0])
    if with_hugging_face:
        add(measured('`run.py`, Hugging Face', partial(run_evalkit, None, work), None)[0])
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
    parser.add_argument('--no-hugging-face', action='store_true', help='leave it out')
    parser.add_argument('--folder', type=Path, default=FOLDER, help='for model and questions')
    parser.add_argument('--out', type=Path, help='a file for the table')
    arguments = parser.parse_args()
    work = prepare(arguments)
    lines = table(arguments.engines, work, with_hugging_face=not arguments.no_hugging_face)
    if arguments.out:
        arguments.out.write_text('\n'.join(lines) + '\n')
    return int(any('FAILED' in line for line in lines))


if __name__ == '__main__':
    sys.exit(main())
