"""Measures the store against what one would write by hand.

    python -m benchmarks.store [--dir DIR] [--records 100000]

Prints appends a second, seconds to find the answers of a resume, and the peak memory of reading.
By hand is `json.dumps`, `write` and `fsync` for each record, and `json.loads` for each line.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from evalkit.store import (
    PredictionWriter,
    answer_key,
    content_hash,
    read_latest,
    scan_answers,
)
from evalkit.types import GenerationParams, Prediction, Usage

NUM_BY_HAND = 2_000  # with an fsync each, more would take minutes on a slow disk
MEBIBYTE = 1 << 20


def make_predictions(num_records: int) -> Iterator[Prediction]:
    """Yield records of about 1 KB."""
    identity, params = content_hash({'path': 'models/calc'}), GenerationParams()
    for index in range(num_records):
        prompt = [{'role': 'user', 'content': f'Question {index}: ' + 'what is it? ' * 25}]
        yield Prediction(
            index=index,
            key=answer_key(identity, prompt, params, 0),
            prompt=prompt,
            output=f'Let us see. {index} ' + 'Step by step. ' * 22,
            reference=str(index),
            usage=Usage(prompt_tokens=110, output_tokens=90),
        )


def append_with_store(path: Path, predictions: list[Prediction]) -> None:
    """Append as a run does."""
    with PredictionWriter(path) as writer:
        for prediction in predictions:
            writer.append(prediction)


def append_by_hand(path: Path, predictions: list[Prediction]) -> None:
    """Append with one fsync a record."""
    with path.open('a') as file:
        for prediction in predictions:
            file.write(json.dumps(asdict(prediction)) + '\n')
            file.flush()
            os.fsync(file.fileno())


def scan_by_hand(folder: Path) -> dict[str, int]:
    """Find the answers by parsing each line."""
    found = {}
    for path in folder.glob('*.jsonl'):
        with path.open() as file:
            for record in map(json.loads, file):
                if record['error'] is None:
                    found[record['key']] = record['index']
    return found


def latest_by_hand(folder: Path) -> int:
    """Load all records, keep the last of each key, sort them."""
    latest = {}
    for path in folder.glob('*.jsonl'):
        with path.open() as file:
            for record in map(json.loads, file):
                latest[record['key']] = record
    return len(sorted(latest.values(), key=lambda record: record['index']))


def drain_latest(folder: Path) -> int:
    """Read as the evaluation does."""
    return sum(1 for _ in read_latest(folder))


READERS: dict[str, Callable[[Path], object]] = {
    'scan': scan_answers,
    'scan by hand': scan_by_hand,
    'latest': drain_latest,
    'latest by hand': latest_by_hand,
}


def seconds_of(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    started = time.monotonic()
    work()
    return time.monotonic() - started


def peak_memory() -> int:
    """Return the most bytes that this process had in memory."""
    status = Path('/proc/self/status').read_text()
    [line] = [line for line in status.splitlines() if line.startswith('VmHWM')]
    return int(line.split()[1]) * 1024


def read_and_report(reader: str, folder: Path) -> None:
    """Print the seconds and the growth in memory of one reading; run in a process of its own."""
    before = peak_memory()
    seconds = seconds_of(lambda: READERS[reader](folder))
    print(json.dumps([seconds, peak_memory() - before]))


def measure_reader(reader: str, folder: Path) -> tuple[float, float]:
    """Return the seconds and the MiB of one reading."""
    command = [sys.executable, '-m', 'benchmarks.store', '--dir', str(folder), '--reader', reader]
    seconds, num_bytes = json.loads(subprocess.check_output(command))
    return seconds, num_bytes / MEBIBYTE


def print_row(name: str, unit: str, ours: float, by_hand: float, ratio: float) -> None:
    """Print one row of the table; `ratio` says how many times better the store is."""
    print(f'| {name} | {unit} | {ours:,.2f} | {by_hand:,.2f} | {ratio:.1f}x |')


def measure_appends(folder: Path, predictions: list[Prediction]) -> None:
    """Print the row of the appends; leaves the records in `folder`."""
    ours = len(predictions) / seconds_of(
        lambda: append_with_store(folder / 'all.jsonl', predictions)
    )
    few = predictions[:NUM_BY_HAND]
    path = folder / 'by_hand.txt'
    by_hand = len(few) / seconds_of(lambda: append_by_hand(path, few))
    path.unlink()
    print_row('append', 'records/s', ours, by_hand, ours / by_hand)


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--dir', type=Path, help='a folder on the disk to measure')
    parser.add_argument('--records', type=int, default=100_000)
    parser.add_argument('--reader', choices=READERS, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.reader:
        read_and_report(args.reader, args.dir)
    else:
        print_table(args.dir, args.records)


def print_table(folder: Path | None, num_records: int) -> None:
    """Measure everything on the disk of `folder`, by default that of temporary files."""
    print('| what | unit | evalkit | by hand | better |\n| --- | --- | ---: | ---: | ---: |')
    with tempfile.TemporaryDirectory(dir=folder) as name:
        few, all_ = Path(name, 'few'), Path(name, 'all')
        few.mkdir()
        all_.mkdir()
        append_with_store(few / 'all.jsonl', list(make_predictions(num_records // 10)))
        measure_appends(all_, list(make_predictions(num_records)))
        for reader in ('scan', 'latest'):
            measure_reading(reader, few, all_, num_records)


def measure_reading(reader: str, few: Path, all_: Path, num_records: int) -> None:
    """Print the rows of one reader: its time, its memory, and how its memory grows."""
    ours, by_hand = (measure_reader(f'{reader}{kind}', all_) for kind in ('', ' by hand'))
    ours_few, by_hand_few = (measure_reader(f'{reader}{kind}', few) for kind in ('', ' by hand'))
    growth, growth_by_hand = ours[1] - ours_few[1], by_hand[1] - by_hand_few[1]
    print_row(f'{reader} {num_records:,}', 's', ours[0], by_hand[0], by_hand[0] / ours[0])
    print_row(f'{reader}, peak memory', 'MiB', ours[1], by_hand[1], by_hand[1] / ours[1])
    name = f'{reader}, growth from {num_records // 10:,} to {num_records:,}'
    print_row(name, 'MiB', growth, growth_by_hand, growth_by_hand / growth)


if __name__ == '__main__':
    main()
