"""OpenCompass's files `predictions/<model>/<dataset>.json`, or in parts `<dataset>_0.json`, ..."""

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError, TaskError
from evalkit.store import read_json

Record = Mapping[str, Any]


def predictions_folder(given: Path) -> Path:
    """Return the folder with a folder for each model: a run of theirs, or its `predictions`."""
    place = f'--from-opencompass: {given}'
    place = f'--from-opencompass: {given}'
    if not given.is_dir():
        raise ConfigError(f'{place}: there is no such folder')
    if (given / 'predictions').is_dir():
        return given / 'predictions'
    runs = sorted(path.parent.name for path in given.glob('*/predictions'))
    if runs:
        raise ConfigError(f'{place} holds whole runs: give one, such as {given / runs[-1]}')
    if not list(given.glob('*/*.json')):
        raise ConfigError(f'{place} holds no predictions/<model>/<dataset>.json')
    return given


def read_records(folder: Path, model: str, dataset: str) -> list[Record]:
    """Return the records of a model and dataset in the order of their numbers."""
    parts = list(part_paths(folder / model, dataset))
    if not parts:
        known = sorted(path.stem for path in (folder / model).glob('*.json'))
        names = known or sorted(path.name for path in folder.iterdir() if path.is_dir())
        wanted = dataset if known else model
        hint = did_you_mean(wanted, names, otherwise=f'; there is {", ".join(names) or "nothing"}')
        raise TaskError(f'there is no {folder / model / dataset}.json{hint}')
    return [record for path in parts for record in in_order(path)]


def part_paths(folder: Path, dataset: str) -> Iterator[Path]:
    """Yield the file of a dataset, or its parts."""
    whole = folder / f'{dataset}.json'
    if whole.is_file():
        yield whole
        return
    for number in count():
        part = folder / f'{dataset}_{number}.json'
        if not part.is_file():
            return
        yield part


def in_order(path: Path) -> list[Record]:
    """Return the records of a file, numbered from 0 without a gap."""
    records = read_json(path)
    numbers = [str(number) for number in range(len(records))]
    if not isinstance(records, dict) or records.keys() != set(numbers):
        raise TaskError(f'{path}: the records are not numbered from "0" to "{len(records) - 1}"')
    return [check(records[number], f'{path}, record {number}') for number in numbers]


def check(record: Any, place: str) -> Record:
    """Return a record, if it is one."""
    if not isinstance(record, dict) or 'prediction' not in record:
        raise TaskError(f'{place}: there is no prediction')
    return record
