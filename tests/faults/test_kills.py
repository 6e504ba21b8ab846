"""Rows 12 and 13: whatever is killed at whatever moment, no acknowledged answer is lost."""

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.harm import Witness, kill_a_worker, kill_run, wait_until, wait_until_asked
from tests.runs import (
    acknowledged,
    asked,
    asked_twice,
    evaluate,
    model,
    processes,
    records,
    run_folder,
    scores,
    start,
    values,
    write_config,
    write_words,
)

NUM_SAMPLES = 60
SLOW = 0.02
"""Seconds an answer takes, so that a kill finds the model in the middle of the dataset."""


def test_workers_killed_at_random_lose_nothing(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    write_config(tmp_path, [model(delay=SLOW, answers={'Say word7.': 'no'})])
    run = start(tmp_path, 'words.py', '--retry', 10, mark=mark)
    draw = random.Random(12)
    num_kills = 0
    for _ in range(5):
        wait_until_asked(tmp_path, len(asked(tmp_path)) + draw.randrange(3, 9))
        time.sleep(SLOW * draw.random())
        num_kills += kill_a_worker(mark, run) is not None
    _, said = run.communicate(timeout=60)
    assert num_kills == 5
    assert run.returncode == 0, said
    assert said.count('killed by SIGKILL') == 5
    found = run_folder(tmp_path)
    assert Counter(record['index'] for record in records(found)) == Counter(range(NUM_SAMPLES))
    assert scores(found)['words', 'scripted'] == pytest.approx(100 * 59 / 60)
    # Only what a killed process had not answered yet is asked again.
    assert len(asked(tmp_path)) - NUM_SAMPLES <= num_kills
    assert processes(mark) == []


def test_a_worker_killed_too_often_leaves_a_run_that_goes_on(tmp_path: Path, mark: str) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    write_config(tmp_path, [model(delay=SLOW)])
    witness = Witness(tmp_path)
    run = start(tmp_path, 'words.py', '--retry', 0, mark=mark)
    wait_until_asked(tmp_path, 10)
    kill_a_worker(mark, run)
    shown, _ = run.communicate(timeout=30)
    assert run.returncode == 4
    assert 'killed by SIGKILL (out of memory?)' in shown
    witness.look()
    assert len(witness.moments[0][1]) >= 9
    assert values(witness.run)['words', 'scripted']['value'] is None
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert scores(witness.run) == {('words', 'scripted'): 100.0}
    assert not witness.asked_in_vain()
    assert not witness.lost()


def test_a_sample_that_kills_its_worker_is_found_and_the_others_are_answered(
    tmp_path: Path,
) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    write_config(tmp_path, [model(kill_on='word41.')])
    done = evaluate(tmp_path, 'words.py')
    run = run_folder(tmp_path)
    assert done.returncode == 3, done.stderr
    [failed] = [record for record in records(run) if record['error'] is not None]
    assert failed['index'] == 41
    assert failed['error'].startswith('poison: ')
    assert len(acknowledged(run)) == NUM_SAMPLES - 1
    cell = values(run)['words', 'scripted']
    assert (cell['value'], cell['n'], cell['n_ok'], cell['failed']) == (100.0, 60, 59, 1)
    assert asked_twice(tmp_path) == [failed['key']]
    assert 'FAILED' not in done.stdout
    assert '1 of 60 samples failed and are not in the score' in done.stdout


def test_two_samples_that_kill_their_worker_are_both_found(tmp_path: Path) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    write_config(tmp_path, [model(kill_on='5.')])  # 5, 15, 25, 35, 45, 55
    (tmp_path / 'words.jsonl').write_text(
        ''.join((tmp_path / 'words.jsonl').read_text().splitlines(keepends=True)[:20])
    )
    done = evaluate(tmp_path, 'words.py')
    run = run_folder(tmp_path)
    assert done.returncode == 3, done.stderr
    assert {r['index'] for r in records(run) if r['error'] is not None} == {5, 15}
    assert len(acknowledged(run)) == 18


def test_a_sample_that_kills_its_worker_once_is_answered(tmp_path: Path) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    write_config(tmp_path, [model(kill_on='word41.', kill_times=1)])
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}
    assert len(asked(tmp_path)) == NUM_SAMPLES + 1


@pytest.mark.parametrize('number', [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_killed_leaves_no_process_and_goes_on(
    tmp_path: Path, mark: str, number: signal.Signals
) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    # Their keys differ: what one has answered is still to be asked of the other.
    other = model('two', delay=SLOW, answers={'Say word7.': 'word7'})
    write_config(tmp_path, [model('one', delay=SLOW), other])
    witness = Witness(tmp_path)
    run = start(tmp_path, 'words.py', mark=mark)
    wait_until_asked(tmp_path, 20)
    assert len(processes(mark)) == 4  # the run, its watchdog, two workers
    run.send_signal(number)
    run.communicate(timeout=15)
    assert run.returncode == (130 if number == signal.SIGTERM else -number)
    assert wait_until(lambda: not processes(mark)) < 2
    witness.look()
    done = evaluate(tmp_path, 'words.py', '-r')
    assert done.returncode == 0, done.stderr
    assert set(scores(witness.run).values()) == {100.0}
    assert not witness.asked_in_vain()
    assert not witness.lost()


def test_runs_killed_at_random_end_with_the_table_of_an_uninterrupted_one(
    tmp_path: Path, mark: str
) -> None:
    write_words(tmp_path, NUM_SAMPLES)
    write_config(tmp_path, [model(delay=SLOW, answers={'Say word7.': 'no'})])
    witness = Witness(tmp_path)
    draw = random.Random(13)
    for number in range(5):
        run = start(tmp_path, 'words.py', *(['-r'] if number else []), mark=mark)
        if not number:
            wait_until(lambda: (tmp_path / 'outputs' / 'words').exists())
        time.sleep(0.3 + 0.6 * draw.random())
        kill_run(mark, run, draw)
        witness.look()
    done = evaluate(tmp_path, 'words.py', '-r')
    assert done.returncode == 0, done.stderr
    assert not witness.asked_in_vain()
    assert not witness.lost()
    assert Counter(r['index'] for r in records(witness.run)) == Counter(range(NUM_SAMPLES))
    (tmp_path / 'calm').mkdir()
    write_words(tmp_path / 'calm', NUM_SAMPLES)
    write_config(tmp_path / 'calm', [model(answers={'Say word7.': 'no'})])
    evaluate(tmp_path / 'calm', 'words.py')
    calm = run_folder(tmp_path / 'calm')
    assert values(witness.run) == values(calm)
    for name in ('summary.csv',):
        assert (witness.run / 'summary' / name).read_text() == (
            (calm / 'summary' / name).read_text()
        )


def test_nobody_else_is_killed(tmp_path: Path, mark: str) -> None:
    """The watchdog ends what its own run has started, not the run beside it."""
    for name in ('first', 'second'):
        (tmp_path / name).mkdir()
        write_words(tmp_path / name, NUM_SAMPLES)
        write_config(tmp_path / name, [model(delay=SLOW)])
    first = start(tmp_path / 'first', 'words.py', mark=mark)
    second = start(tmp_path / 'second', 'words.py', mark=f'{mark}-other')
    for name in ('first', 'second'):
        wait_until_asked(tmp_path / name, 5)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    wait_until(lambda: not processes(mark), 5)
    _, said = second.communicate(timeout=30)
    assert second.returncode == 0, said
    assert len(asked(tmp_path / 'second')) == NUM_SAMPLES
