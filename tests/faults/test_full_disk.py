"""Rows 15, 16 and 38: disks that are full or cannot be written, before, during and after asking."""

import resource
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.harm import Witness
from tests.runs import (
    RUN,
    acknowledged,
    asked,
    environment,
    evaluate,
    model,
    records,
    run_folder,
    scores,
    values,
    write_config,
    write_words,
)
from tests.store.conftest import Mount

NUM_SAMPLES = 60
LONG = {r'(word\d+)': r'\1' + ' x' * 10_000}
"""Answers of 20 kB, of which a disk of 1 MiB holds some 50."""


def test_a_disk_that_fills_up_stops_the_run_and_loses_nothing(
    tmp_path: Path, small_disk: Path
) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    write_config(tmp_path, [model(patterns=LONG)])
    (small_disk / 'filler').write_bytes(bytes(500_000))
    done = evaluate(tmp_path, 'words.py', '-w', small_disk / 'out')
    assert done.returncode == 5
    run = run_folder(small_disk, 'out')
    path = run / 'predictions' / 'scripted' / 'words' / 'all.jsonl'
    assert f'cannot write {path}: No space left on device (' in done.stdout + done.stderr
    assert 'bytes free); free some space, then run again with -r' in done.stdout + done.stderr
    witness = Witness(small_disk, 'out')
    num_stored = len(acknowledged(run))
    assert 5 < num_stored < NUM_SAMPLES
    assert path.read_bytes().endswith(b'"}\n')
    assert not (path.parent / 'manifest.json').exists()
    (small_disk / 'filler').unlink()
    subprocess.run(['mount', '-o', 'remount,size=8m', str(small_disk)], check=True)
    done = evaluate(tmp_path, 'words.py', '-w', small_disk / 'out', '-r')
    assert done.returncode == 0, done.stderr
    assert len(records(run)) == len(acknowledged(run)) == NUM_SAMPLES
    # The one answer for which there was no room is all that was asked again.
    assert len(asked(tmp_path)) == NUM_SAMPLES + 1
    assert values(witness.run)['words', 'scripted']['n_ok'] == NUM_SAMPLES


def test_a_full_disk_during_the_report_leaves_the_old_one(tmp_path: Path, small_disk: Path) -> None:
    write_words(tmp_path, 5)
    write_config(tmp_path)
    arguments = ['words.py', '-w', small_disk / 'out']
    assert evaluate(tmp_path, *arguments).returncode == 0
    run = run_folder(small_disk, 'out')
    old = {path.name: path.read_bytes() for path in (run / 'summary').iterdir()}
    (run / 'results' / 'scripted' / 'words.json').unlink()
    fill(small_disk)
    done = evaluate(tmp_path, *arguments, '-r', '-m', 'viz')
    assert done.returncode == 5
    assert 'No space left on device (0 bytes free)' in done.stderr
    assert {path.name: path.read_bytes() for path in (run / 'summary').iterdir()} == old
    assert not list(run.rglob('*.tmp'))
    (small_disk / 'filler').unlink()
    assert evaluate(tmp_path, *arguments, '-r').returncode == 0
    assert scores(run) == {('words', 'scripted'): 100.0}
    assert len(asked(tmp_path)) == 5


def test_a_disk_that_fills_up_while_scoring_never_makes_a_result(
    tmp_path: Path, small_disk: Path
) -> None:
    write_words(tmp_path, 30)
    write_config(tmp_path, [model(patterns=LONG)])
    arguments = ['words.py', '-w', small_disk / 'out']
    # 30 answers take 0.6 MB; the details of the result would take as much again.
    done = evaluate(tmp_path, *arguments)
    assert done.returncode == 5
    run = run_folder(small_disk, 'out')
    assert not (run / 'results' / 'scripted' / 'words.json').exists()
    assert len(acknowledged(run)) == 30
    done = evaluate(tmp_path, *arguments, '-r', '--dump-eval-details', 'false')
    assert done.returncode == 0, done.stderr
    assert values(run)['words', 'scripted']['n_ok'] == 30
    assert len(asked(tmp_path)) == 30


def fill(disk: Path) -> None:
    """Leave no free byte on a disk."""
    with (disk / 'filler').open('wb', 0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def check_that_nothing_was_begun(
    folder: Path, done: subprocess.CompletedProcess[str], *said: str
) -> None:
    """A run that cannot begin says so in one line, before a model is loaded."""
    assert done.returncode == 5, done.stderr
    [line] = done.stderr.splitlines()
    assert all(text in line for text in said), line
    assert line.startswith('run.py: error: cannot ')
    assert asked(folder) == []


def test_a_disk_without_room_is_found_before_a_model_is_loaded(
    tmp_path: Path, small_disk: Path
) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    fill(small_disk)
    done = evaluate(tmp_path, 'words.py', '-w', small_disk / 'out')
    check_that_nothing_was_begun(tmp_path, done, 'No space left on device', 'bytes free')


def test_a_read_only_disk_is_found_before_a_model_is_loaded(tmp_path: Path, mount: Mount) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    disk = mount('ro')
    done = evaluate(tmp_path, 'words.py', '-w', disk / 'out')
    check_that_nothing_was_begun(
        tmp_path, done, str(disk), 'Read-only file system', 'choose a work directory'
    )


def test_a_file_in_the_place_of_the_work_directory_is_named(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    (tmp_path / 'out').write_text('a file')
    done = evaluate(tmp_path, 'words.py', '-w', 'out')
    check_that_nothing_was_begun(tmp_path, done, 'cannot create out', 'a file stands where')


def limit_of(number: int) -> Callable[[], None]:
    """Return what lowers the limit of file descriptors of a process before it begins."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (number, number))


@pytest.mark.parametrize('number', [6, 12, 24, 48])
def test_a_process_without_file_descriptors_says_which_limit_to_raise(
    tmp_path: Path, number: int
) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    done = subprocess.run(
        [*RUN, 'words.py'],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        preexec_fn=limit_of(number),
    )
    check_that_nothing_was_begun(
        tmp_path, done, 'Too many open files', 'raise the limit with `ulimit -n`'
    )
