"""Finding and reading the data files of benchmarks."""

import ast
import csv
import gzip
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evalkit.config import no_such_file
from evalkit.datasets.hub import HubDataset
from evalkit.datasets.places import PLACES
from evalkit.errors import ConfigError

MAX_CELL = 1 << 30
"""Characters of one cell; the csv module's own limit is too small for long contexts."""

REPOSITORY = Path(__file__).parents[2]


def find_data(path: str) -> Path:
    """Return where a data file or folder is: as given, under `EVALKIT_DATA`, or shipped.

    OpenCompass's configs say `./data/<name>/...`, or a name of `places.py`; `EVALKIT_DATA` may be
    the folder that holds `data`, or `data` itself.
    """
    places = possible_places(path)
    found = existing(places)
    if found is None:
        raise ConfigError(f'{nowhere(path, places)} (EVALKIT_DATA adds a place)')
    return found


def find_source(path: str) -> Path | HubDataset:
    """Return where a benchmark is, as `find_data` does; one that is nowhere comes from the hub."""
    places = possible_places(path)
    found = existing(places)
    if found is not None:
        return found
    hub = PLACES[path].hub if path in PLACES else None
    if hub is None:
        return find_data(path)
    return HubDataset(hub, nowhere(path, places))


def existing(places: Sequence[Path]) -> Path | None:
    """Return the first of some paths that there is."""
    return next((place for place in places if place.exists()), None)


def nowhere(path: str, places: Sequence[Path]) -> str:
    """Say where a path was looked for."""
    looked = ', '.join(dict.fromkeys(str(place.absolute()) for place in places))
    return f'there is no data at {path}; looked at {looked}'


def possible_places(path: str) -> list[Path]:
    """Return every path that may be meant, the most likely first."""
    base = next((name for name in PLACES if f'{path}/'.startswith(f'{name}/')), path)
    local = PLACES[base].local if base in PLACES else (path,)
    rest = path[len(base) :].strip('/')
    return [place for each in local for place in places_of(Path(each, rest))]


def places_of(relative: Path) -> list[Path]:
    """Return a path as it is and below each folder of data."""
    places = [relative, *(root / relative for root in data_roots())]
    if relative.parts[:1] == ('data',):
        places += [root / Path(*relative.parts[1:]) for root in data_roots()]
    return places


def data_roots() -> list[Path]:
    """Return the folders that relative data paths are looked up in, the user's first."""
    named = os.environ.get('EVALKIT_DATA')
    return [Path(named).expanduser(), REPOSITORY] if named else [REPOSITORY]


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read the rows of a .jsonl, .json or .csv file."""
    readers: Mapping[str, Callable[[Path], list[dict[str, Any]]]] = {
        '.jsonl': read_jsonl,
        '.json': read_json_list,
        '.csv': read_csv,
        '.tsv': read_csv,
    }
    if path.suffix not in readers:
        raise ConfigError(f'{path}: rows are read from {", ".join(readers)}, not {path.suffix!r}')
    return readers[path.suffix](path)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """Read one JSON object a line; blank lines are passed over. A .gz file is unpacked."""
    open_file = gzip.open if path.suffix == '.gz' else open
    with open_file(present(path), 'rb') as file:  # only a line feed ends a line here, no U+2028
        return [
            parse_row(line, f'{path}, line {number}')
            for number, line in enumerate(file, 1)
            if line.strip()
        ]


def read_labelled(path: Path, labels_path: Path) -> list[dict[str, Any]]:
    """Read a .jsonl file whose labels, whole numbers, are the lines of another file."""
    rows = read_jsonl(path)
    labels = present(labels_path).read_text(encoding='utf-8').split()
    if len(rows) != len(labels):
        raise ConfigError(
            f'{path} has {len(rows)} rows, but {labels_path} has {len(labels)} labels'
        )
    return [{**row, 'label': int(label)} for row, label in zip(rows, labels, strict=True)]


def parse_row(text: bytes, place: str) -> dict[str, Any]:
    """Parse one JSON object, or say where the file is wrong."""
    try:
        row = json.loads(text.decode('utf-8-sig'))
    except ValueError as error:
        raise ConfigError(f'{place}: not JSON: {error}') from error
    if not isinstance(row, dict):
        raise ConfigError(f'{place}: a row must be a JSON object, not {type(row).__name__}')
    return row


def read_json(path: Path) -> Any:
    """Read a JSON file, whatever it holds."""
    try:
        return json.loads(present(path).read_text(encoding='utf-8-sig'))
    except ValueError as error:
        raise ConfigError(f'{path}: not JSON: {error}') from error


def read_json_list(path: Path) -> list[dict[str, Any]]:
    """Read a JSON file that holds a list of objects."""
    rows = read_json(path)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConfigError(f'{path}: must hold a list of JSON objects')
    return rows


def read_csv(
    path: Path, columns: Sequence[str] | None = None, delimiter: str | None = None
) -> list[dict[str, Any]]:
    """Read a file of comma- (.csv) or tab-separated (.tsv) values.

    The first line is the header, unless `columns` names what the cells of each line are.
    """
    delimiter = delimiter or ('\t' if path.suffix == '.tsv' else ',')
    csv.field_size_limit(MAX_CELL)
    with present(path).open(encoding='utf-8-sig', newline='') as file:
        reader = csv.DictReader(file, columns, delimiter=delimiter)
        try:
            return [check_cells(row, f'{path}, line {reader.line_num}') for row in reader]
        except (csv.Error, UnicodeDecodeError) as error:
            raise ConfigError(f'{path}, after line {reader.line_num}: {error}') from error


def read_answer_lists(path: Path) -> list[dict[str, Any]]:
    """Read lines of a question, a tab and a list of texts as Python writes it; nothing is run."""
    rows = read_csv(path, ('question', 'answer'), delimiter='\t')
    return [{**row, 'answer': literal_list(row['answer'], path)} for row in rows]


def literal_list(text: str, path: Path) -> list[str]:
    """Return the list that a text spells."""
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError) as error:
        raise ConfigError(f'{path}: not a list of texts: {text:.80}') from error
    return [str(each) for each in (found if isinstance(found, list) else [found])]


def check_cells(row: dict[str, Any], place: str) -> dict[str, Any]:
    """Return the row, if it has as many cells as the header."""
    if None in row or None in row.values():
        raise ConfigError(f'{place}: there are not as many cells as in the header')
    return row


def present(path: Path) -> Path:
    """Return the path of a file, if there is one."""
    if not path.is_file():
        raise ConfigError(no_such_file(path))
    return path
