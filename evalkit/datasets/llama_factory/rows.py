"""The rows of a registered dataset: of a file, of a folder of files, or of the hub."""

import json
import logging
import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from evalkit.config import import_extra
from evalkit.datasets.files import find_data, present, read_csv, read_json_list, read_jsonl
from evalkit.datasets.hub import HubDataset
from evalkit.datasets.llama_factory.registry import Registered
from evalkit.errors import ConfigError

logger = logging.getLogger(__name__)

Row = Mapping[str, Any]


def read_source(entry: Registered, dataset_dir: str) -> list[Row]:
    """Return the rows of a dataset; of `num_samples` those, drawn with the number as the seed."""
    if entry.source == 'hf_hub_url':
        hub = HubDataset(entry.location, f'{entry.name} is registered as a dataset of the hub')
        rows: list[Row] = [*hub.rows(entry.split, entry.subset, entry.folder)]
    else:
        rows = read_path(find_data(f'{dataset_dir}/{entry.location}'))
    rows = with_all_columns(rows)
    return rows if entry.num_samples is None else drawn(rows, entry.num_samples, entry.name)


def with_all_columns(rows: Iterable[Row]) -> list[Row]:
    """Give each row the columns of all: what it leaves out is None, as when `datasets` reads it."""
    rows = list(rows)
    columns = {column: None for row in rows for column in row}
    return [{**columns, **row} for row in rows]


def drawn(rows: list[Row], num_samples: int, name: str) -> list[Row]:
    """Return so many of the rows, in random order."""
    if num_samples > len(rows):
        logger.warning(
            '%s: num_samples is %d, but there are %d rows: all are taken '
            '(LLaMA-Factory would take some of them twice)',
            name, num_samples, len(rows),
        )  # fmt: skip
    order = list(range(len(rows)))
    random.Random(num_samples).shuffle(order)
    return [rows[index] for index in order[:num_samples]]


def read_path(path: Path) -> list[Row]:
    """Return the rows of a file, or of all files of a folder, which are of one type."""
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if not file.name.startswith('.'))
    types = {file.suffix for file in files}
    if len(types) != 1:
        found = ', '.join(sorted(types)) or 'nothing'
        raise ConfigError(f'{path}: a folder must hold files of one type, but has {found}')
    [kind] = types
    if kind not in READERS:
        raise ConfigError(f'{path}: rows are read from {", ".join(READERS)}, not {kind!r}')
    return [row for file in files for row in READERS[kind](file)]


def read_json_or_lines(path: Path) -> list[dict[str, Any]]:
    """Read a list of objects, or one object a line: both are called .json there."""
    with present(path).open('rb') as file:
        start = next((line.strip() for line in file if line.strip()), b'')
    try:
        is_lines = isinstance(json.loads(start.decode('utf-8-sig')), dict)
    except ValueError:
        is_lines = False
    return read_jsonl(path) if is_lines else read_json_list(path)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Read each line of a text as the column `text`."""
    lines = present(path).read_text(encoding='utf-8-sig').split('\n')
    return [{'text': line} for line in (lines[:-1] if lines[-1] == '' else lines)]


def read_parquet(path: Path) -> list[dict[str, Any]]:
    """Read a table of Apache Parquet."""
    rows: list[dict[str, Any]] = import_extra('pyarrow.parquet', 'hub').read_table(path).to_pylist()
    return rows


def read_arrow(path: Path) -> list[dict[str, Any]]:
    """Read a table of Apache Arrow, as a stream or as a file."""
    arrow = import_extra('pyarrow', 'hub')
    data = arrow.memory_map(str(path))
    try:
        table = arrow.ipc.open_stream(data).read_all()
    except arrow.ArrowInvalid:
        table = arrow.ipc.open_file(data).read_all()
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


READERS: Mapping[str, Callable[[Path], list[dict[str, Any]]]] = {
    '.arrow': read_arrow,
    '.csv': read_csv,
    '.json': read_json_or_lines,
    '.jsonl': read_jsonl,
    '.parquet': read_parquet,
    '.txt': read_lines,
}
