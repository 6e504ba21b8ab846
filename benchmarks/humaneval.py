"""How long the programs of HumanEval take: `python -m benchmarks.humaneval FILE [--sandbox NAME]`.

FILE is the published `HumanEval.jsonl.gz`. Its 164 solutions must all pass, and 164 bodies of
`pass` must all fail, in every sandbox that this machine has, or in the one that is named. Without
a sandbox the same programs are run by `python -I` one after another, as a user would do by hand.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from evalkit.datasets import HumanevalDataset, HumanEvalEvaluator
from evalkit.sandbox import SAFE_MODES, why_not

Row = dict[str, Any]


def judged(mode: str, rows: Sequence[Row], answers: Sequence[str]) -> float:
    """Return the share of the answers that pass, in percent."""
    evaluator = HumanEvalEvaluator(sandbox=mode)
    scores = evaluator.score_all(answers, [row['task_id'] for row in rows])
    num_passed = sum(scores == {'humaneval_pass@1': 1.0} for scores in scores)
    return 100 * num_passed / len(rows)


def by_hand(rows: Sequence[Row], answers: Sequence[str]) -> float:
    """Run each program in a Python of its own, without any protection."""
    num_passed = 0
    for row, answer in zip(rows, answers, strict=True):
        program = f'{row["prompt"]}{answer}\n{row["test"]}\ncheck({row["entry_point"]})\n'
        command = [sys.executable, '-I', '-c', program]
        num_passed += subprocess.run(command, capture_output=True, check=False).returncode == 0
    return 100 * num_passed / len(rows)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('file', help='HumanEval.jsonl.gz')
    parser.add_argument('--sandbox', choices=SAFE_MODES)
    arguments = parser.parse_args()
    rows = HumanevalDataset.load(arguments.file)
    solutions, empty = [row['canonical_solution'] for row in rows], ['    pass'] * len(rows)
    print('| run by | solutions that pass, % | bodies of `pass` that pass, % | both, s |')
    print('| --- | ---: | ---: | ---: |')
    for mode in [arguments.sandbox] if arguments.sandbox else SAFE_MODES:
        if why_not(mode) is not None:
            print(f'| {mode} | {why_not(mode)} | | |')
            continue
        began = time.monotonic()
        shares = [judged(mode, rows, answers) for answers in (solutions, empty)]
        seconds = time.monotonic() - began
        print(f'| evalkit, {mode} | {shares[0]:.0f} | {shares[1]:.0f} | {seconds:.1f} |')
    began = time.monotonic()
    shares = [by_hand(rows, answers) for answers in (solutions, empty)]
    seconds = time.monotonic() - began
    print(f'| `python -I`, unprotected | {shares[0]:.0f} | {shares[1]:.0f} | {seconds:.1f} |')


if __name__ == '__main__':
    main()
