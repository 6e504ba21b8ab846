"""Reads predictions files line by line; what is corrupt is set aside, what is torn is skipped."""

from collections.abc import Container, Iterable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from evalkit.errors import StoreError
from evalkit.store.disk import disk_errors
from evalkit.store.quarantine import Quarantine
from evalkit.store.records import RecordHead, decode_head, decode_record, is_whole
from evalkit.types import Prediction

_BUFFER_BYTES = 1 << 20


class Place(NamedTuple):
    """Where a record stands."""

    path: Path
    number: int
    offset: int


def read_predictions(path: Path) -> Iterator[Prediction]:
    """Yield every record of one file in the order in which they were written, errors too.

    A corrupt line is quarantined and skipped; a torn last line is skipped. One record is in
    memory at a time.
    """
    for place, line in _whole_lines(path):
        yield _decode(place, line)


def scan_answers(folder: Path) -> dict[str, int]:
    """Return the key of every answer in a folder, with the index of its sample.

    This is what a resumed run must not ask again: records without an error, of which the last
    gives the index. The answers themselves stay on the disk.
    """
    return {head.key: head.sample_index for _, head in read_heads(folder) if head.is_answer}


def read_latest(folder: Path, keys: Container[str] | None = None) -> Iterator[Prediction]:
    """Yield the record that counts for each key, ordered by (index, repeat).

    That is the last answer, or where there is none the last error. With `keys`, records with
    other keys (answers to a question that has changed) are left out. In memory are the places of
    the records and one record.
    """
    latest: dict[str, tuple[RecordHead, Place]] = {}
    for place, head in read_heads(folder):
        if keys is not None and head.key not in keys:
            continue
        if head.is_answer or head.key not in latest or not latest[head.key][0].is_answer:
            latest[head.key] = head, place
    winners = sorted(latest.values(), key=_order)
    yield from _read_places(place for _, place in winners)


def _order(winner: tuple[RecordHead, Place]) -> tuple[int, int, str]:
    head, _ = winner
    return head.sample_index, head.repeat, head.key


def shard_paths(folder: Path) -> list[Path]:
    """Return the predictions files of a folder by name; none if it does not exist."""
    with disk_errors('read', folder):
        if not folder.exists():
            return []
        return sorted(path for path in folder.iterdir() if path.name.endswith('.jsonl'))


def read_heads(folder: Path) -> Iterator[tuple[Place, RecordHead]]:
    """Yield the place and the first fields of every record in the `*.jsonl` files of a folder.

    The files come in the order of their names; a folder that does not exist has none.
    """
    for path in shard_paths(folder):
        for place, line in _whole_lines(path):
            try:
                yield place, decode_head(line)
            except ValueError as error:
                raise _foreign_record(place, error) from error


def _whole_lines(path: Path) -> Iterator[tuple[Place, bytes]]:
    quarantine = Quarantine(path)
    offset = 0
    with disk_errors('read', path), path.open('rb', _BUFFER_BYTES) as file:
        for number, line in enumerate(file, start=1):
            if is_whole(line):
                yield Place(path, number, offset), line
            elif line.endswith(b'\n'):
                quarantine.add(line, number)
            offset += len(line)


def _read_places(places: Iterable[Place]) -> Iterator[Prediction]:
    files: dict[Path, BufferedReader] = {}
    try:
        for place in places:
            with disk_errors('read', place.path):
                if place.path not in files:
                    files[place.path] = place.path.open('rb')
                files[place.path].seek(place.offset)
                line = files[place.path].readline()
            yield _decode(place, line)
    finally:
        for file in files.values():
            file.close()


def _decode(place: Place, line: bytes) -> Prediction:
    try:
        return decode_record(line)
    except (KeyError, TypeError, ValueError) as error:
        raise _foreign_record(place, error) from error


def _foreign_record(place: Place, error: Exception) -> StoreError:
    return StoreError(
        f'{place.path}: line {place.number} was written by another version of evalkit ({error}); '
        f'use that version, or move the file away to ask again'
    )
