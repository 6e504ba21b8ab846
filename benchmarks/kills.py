"""Kills a run at random moments, again and again, and counts what was lost or asked twice.

    python -m benchmarks.kills [--rounds 20] [--samples 1000] [--seed 1]

Each round kills by lot the launching process or one of its workers with SIGKILL, then whatever is
left of the run, and resumes it; one round of four while the run begins, the others in the middle
of asking. The last resumption must find every answer that was ever
acknowledged, must have asked none of them again, and must print the table of a calm run.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from tests.faults.harm import Witness, kill_run, wait_until
from tests.runs import (
    asked,
    evaluate,
    model,
    records,
    run_folder,
    start,
    values,
    write_config,
    write_words,
)

WRONG = {'Say word7.': 'no', 'Say word12.': ''}
"""So that the table is not all 100."""

DELAY = 0.01
"""Seconds an answer takes."""

BEGINNING = 0.25
"""The share of kills that meet a run that has not asked anything yet."""

SECONDS_TO_BEGIN = 0.5

MOST_AT_A_TIME = 60
"""Questions that a round may ask before it is killed."""


def prepare(folder: Path, num_samples: int, delay: float) -> None:
    """Write the dataset and the config of a scripted model."""
    folder.mkdir(exist_ok=True)
    write_words(folder, num_samples)
    write_config(folder, [model(delay=delay, answers=WRONG)])


def wait_for(folder: Path, run: subprocess.Popen[str], number: int) -> None:
    """Wait until a run has asked so many questions, or has ended."""
    wait_until(lambda: len(asked(folder)) >= number or run.poll() is not None)


def harm(folder: Path, witness: Witness, rounds: int, draw: random.Random) -> None:
    """Start, kill and resume a run."""
    for number in range(rounds):
        mark = uuid4().hex
        run = start(folder, 'words.py', *(['-r'] if number else []), mark=mark)
        if not number:
            wait_until(lambda: (folder / 'outputs' / 'words').exists())
        num_more = 0 if draw.random() < BEGINNING else draw.randrange(1, MOST_AT_A_TIME)
        num_asked = len(asked(folder)) + num_more
        wait_for(folder, run, num_asked)
        time.sleep(draw.random() * (DELAY if num_more else SECONDS_TO_BEGIN))
        kill_run(mark, run, draw)
        witness.look()


def main() -> int:
    """Print what was lost and asked twice; return 1 if there was anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--rounds', type=int, default=20)
    parser.add_argument('--samples', type=int, default=1000)
    parser.add_argument('--seed', type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        harmed, calm = Path(name, 'harmed'), Path(name, 'calm')
        prepare(harmed, arguments.samples, DELAY)
        prepare(calm, arguments.samples, 0)
        witness = Witness(harmed)
        harm(harmed, witness, arguments.rounds, random.Random(arguments.seed))
        last = evaluate(harmed, 'words.py', '-r')
        evaluate(calm, 'words.py')
        return report(witness, last.returncode, run_folder(calm), arguments.samples)


def report(witness: Witness, code: int, calm: Path, num_samples: int) -> int:
    """Print the counts; return 1 if any is not as it must be."""
    growth = [len(known) for _, known in witness.moments]
    is_same = values(witness.run) == values(calm)
    counts = {
        'kills': len(witness.moments),
        'answers when killed': ' '.join(map(str, growth)),
        'samples': num_samples,
        'records at the end': len(records(witness.run)),
        'questions asked in all': len(asked(witness.folder)),
        'acknowledged answers lost': len(witness.lost()),
        'acknowledged answers asked again': sum(witness.asked_in_vain().values()),
        'exit code of the last run': code,
        'the same table as a calm run': 'yes' if is_same else 'no',
    }
    print('| what | count |\n| --- | ---: |')
    for what, count in counts.items():
        print(f'| {what} | {count} |')
    is_good = not witness.lost() and not witness.asked_in_vain() and is_same and code == 0
    return int(not is_good or len(records(witness.run)) != num_samples)


if __name__ == '__main__':
    sys.exit(main())
