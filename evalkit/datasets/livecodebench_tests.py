"""The tests of LiveCodeBench's problems, where they lie, and how they are packed.

`public_test_cases` is JSON text, a list of `{"input", "output", "testtype"}`; `private_test_cases`
is the same, or base64 of zlib of a pickle of it. A pickle can run code when it is read, so that
nothing but a text is taken out of one.
"""

import base64
import binascii
import io
import json
import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from evalkit.config import did_you_mean
from evalkit.datasets.files import parse_row, present
from evalkit.errors import ConfigError

PLACE = 'opencompass/code_generation_lite'
NUM_RELEASES = 6
FOR_PROGRAMS = ('question_id', 'public_test_cases', 'private_test_cases', 'metadata')
FUNCTIONAL = 'functional'
MAX_TEST_BYTES = 1 << 30
"""Of one problem, unpacked; the largest of the published ones have some hundred MB."""


def releases() -> dict[str, list[str]]:
    """Return the files of each release: 'release_v3' is 'v1' to 'v3', 'v2_v3' is two of them."""
    files = ['test.jsonl', *(f'test{number}.jsonl' for number in range(2, NUM_RELEASES + 1))]
    found = {f'release_v{end}': files[:end] for end in range(1, NUM_RELEASES + 1)}
    found['release_latest'] = files
    for start in range(1, NUM_RELEASES + 1):
        found[f'v{start}'] = files[start - 1 : start]
        for end in range(start + 1, NUM_RELEASES + 1):
            found[f'v{start}_v{end}'] = files[start - 1 : end]
    return found


def release_files(folder: Path, release_version: str) -> list[Path]:
    """Return the files of a release."""
    known = releases()
    name = release_version.replace('release_split_', '')  # OpenCompass's word for one part
    if name not in known:
        more = did_you_mean(release_version, known, otherwise=f'; known are {", ".join(known)}')
        raise ConfigError(f'release_version: LiveCodeBench has no {release_version!r}{more}')
    return [present(folder / file) for file in known[name]]


def read_problems(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each problem of a file with the place of its line; only one is in memory."""
    place = 0
    with path.open('rb') as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                problem = parse_row(line, f'{path}, line {number}')
                missing = [name for name in needed if name not in problem]
                if missing:
                    where = f'{path}, line {number}'
                    raise ConfigError(f'{where}: a problem has no {", ".join(missing)}')
                yield place, problem
            place += len(line)


def find_tests(
    folder: Path, release_version: str, references: Iterable[Any]
) -> dict[str, tuple[Path, int]]:
    """Return the file and the place of the line of each problem that is referred to."""
    wanted = {str(reference) for reference in references}
    found = {
        str(problem['question_id']): (file, place)
        for file in release_files(folder, release_version)
        for place, problem in read_problems(file, FOR_PROGRAMS)
        if str(problem['question_id']) in wanted
    }
    missing = sorted(wanted - found.keys())
    if missing:
        raise ConfigError(
            f'{folder}: {release_version} has no tests for {len(missing)} problems, such as '
            f'{missing[0]}: give the evaluator the release_version of the dataset'
        )
    return found


def read_tests(path: Path, place: int) -> tuple[list[dict[str, str]], str]:
    """Return the tests of the problem whose line is at a place, and the function that they call."""
    with path.open('rb') as file:
        file.seek(place)
        problem = parse_row(file.readline(), f'{path}, byte {place}')
    where = f'{path}: problem {problem["question_id"]}'
    public = as_tests(problem['public_test_cases'], where)
    private = as_tests(unpacked(problem['private_test_cases'], where), where)
    function = json.loads(problem['metadata'] or '{}').get('func_name') or ''
    tests = [*public, *private]
    if not tests or any((test['testtype'] == FUNCTIONAL) != bool(function) for test in tests):
        raise ConfigError(f'{where}: its tests are not all of one kind, or there are none')
    return tests, function


def as_tests(text: str, where: str) -> list[dict[str, str]]:
    """Read tests from JSON."""
    try:
        tests = json.loads(text)
        return [
            {name: str(test[name]) for name in ('input', 'output', 'testtype')} for test in tests
        ]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ConfigError(f'{where}: its tests are no list of tests: {error!r:.200}') from error


def unpacked(text: str, where: str) -> str:
    """Return the JSON text that private tests are, or are packed of."""
    if text.lstrip().startswith('['):
        return text
    try:
        packed = base64.b64decode(text, validate=True)
        unpacking = zlib.decompressobj()
        pickled = unpacking.decompress(packed, MAX_TEST_BYTES)
        if not unpacking.eof:
            raise ConfigError(f'{where}: its private tests are cut off, or too large')
        return text_of_pickle(pickled, where)
    except (binascii.Error, zlib.error) as error:
        raise ConfigError(f'{where}: its private tests cannot be unpacked: {error}') from error


class TextUnpickler(pickle.Unpickler):
    """Reads texts and containers, and never looks a name up: so nothing of a pickle is run."""

    def find_class(self, module: str, name: str) -> NoReturn:
        """Refuse."""
        raise pickle.UnpicklingError(f'it wants {module}.{name}')

    def persistent_load(self, pid: Any) -> NoReturn:
        """Refuse."""
        raise pickle.UnpicklingError('it wants an object from elsewhere')


def text_of_pickle(pickled: bytes, where: str) -> str:
    """Return the text in a pickle; a `ConfigError` where it holds, or wants, anything else."""
    try:
        found = TextUnpickler(io.BytesIO(pickled)).load()
    except Exception as error:  # a broken pickle raises almost anything
        text = ' '.join(str(error).split())
        raise ConfigError(
            f'{where}: its private tests are a pickle of more than a text, which is not opened: '
            f'{type(error).__name__}: {text:.200}'
        ) from error
    found = found.decode('utf-8', 'replace') if isinstance(found, bytes) else found
    if not isinstance(found, str):
        raise ConfigError(f'{where}: its private tests are a pickled {type(found).__name__}')
    return found
