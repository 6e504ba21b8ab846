"""What evalkit costs on top of an engine: `run.py -a ENGINE` against a script with the engine.

    python -m benchmarks.engine_overhead GSM8K [--engines vllm] [--num 1319]

GSM8K is a folder with `test.jsonl` (https://github.com/openai/grade-school-math). Run it with the
Python of an environment that has the engine. Both sides ask the calc model the same questions, all
at once, and each answer has exactly `--tokens` tokens; evalkit also stores and scores them
(`benchmarks/bare_engines.py` is the other side). Prints a line of a Markdown table an engine.
"""

import argparse
import sys
from collections.abc import Sequence
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

MODEL = ROOT / 'models' / 'calc-llama-0.8m'

MAX_RATIO = 1.05
"""Of the times of generation."""

MAX_SECONDS = 4.0
"""That the whole command may take longer."""


def measured(engine: str, work: Work, num_runs: int) -> tuple[str, bool]:
    """Return a line of the table, which says so if a side failed, and whether both limits hold."""
    bare, ours = partial(run_bare, engine, work), partial(run_evalkit, engine, work)
    try:
        return row(engine, *in_turns(bare, ours, num_runs))
    except FailedError as error:
        sys.stderr.write(f'{engine}: {error}\n')
        return f'| {engine} | FAILED |' + ' |' * 8, False


def row(engine: str, bare: Sequence[Side], ours: Sequence[Side]) -> tuple[str, bool]:
    """Return a line of the table, and whether both limits hold."""
    pairs = list(zip(ours, bare, strict=True))
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
    """Print the table; return 1 if a limit is exceeded, or a side failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('gsm8k', type=Path, help='a folder with test.jsonl and train.jsonl')
    parser.add_argument('--engines', nargs='+', default=['vllm'])
    parser.add_argument('--num', type=int, default=1319, help='questions (1319)')
    parser.add_argument('--tokens', type=int, default=128, help='of each answer (128)')
    parser.add_argument('--runs', type=int, default=1, help='of each side, in turns (1)')
    arguments = parser.parse_args()
    work = Work(MODEL, arguments.gsm8k.resolve(), arguments.num, arguments.tokens)
    print('| engine | tokens | load: bare, s | evalkit, s | generate: bare, s | evalkit, s | ratio '
          '| whole: bare, s | evalkit, s | more |')  # fmt: skip
    print('| --- |' + ' ---: |' * 9)
    is_within = True
    for engine in arguments.engines:
        line, holds = measured(engine, work, arguments.runs)
        print(line, flush=True)
        is_within = is_within and holds
    return int(not is_within)


if __name__ == '__main__':
    sys.exit(main())
