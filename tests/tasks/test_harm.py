import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ExitCode
from evalkit.store import read_json
from evalkit.tasks.interrupt import Interrupt
from tests.tasks.runs import RIGHT, SUMS, Run, a_dataset, write_rows

POISON = 'poison: the process or its engine died each time this sample was asked'


def with_rows(run: Run, num_rows: int, *poison: int) -> None:
    """Give the run as many rows; those of `poison` kill the process that asks them."""
    rows = [
        {'q': f'{number} deadly' if number in poison else f'{number}', 'a': str(number)}
        for number in range(num_rows)
    ]
    path = write_rows(run.folder / 'rows.jsonl', rows)
    run.datasets = [a_dataset(path)]
    run.model = {
        **run.model,
        'answers': {},
        'patterns': {r'(\d+)': r'\1'},
        'log_path': str(run.folder / 'asked'),
    }


def attempts(run: Run, most: int = 8) -> list[int]:
    """Do the task as a runner does, again and again; return the exit codes."""
    codes: list[int] = []
    while len(codes) < most:
        code, _ = run.do_in_process('infer', attempt=len(codes) + 1)
        codes.append(code)
        if code not in (-signal.SIGKILL, ExitCode.INCOMPLETE):
            break
    return codes


def suspects(run: Run) -> Any:
    path = run.folder / 'infer.progress.suspects.json'
    return read_json(path) if path.exists() else None


def outcome(run: Run) -> dict[int, str]:
    """The last status of each sample, by its index."""
    return {record.index: record.status for record in run.records()}


def test_a_killed_process_has_lost_nothing_that_was_answered(run: Run) -> None:
    with_rows(run, 6, 3)
    run.model['kill_on'] = 'deadly'
    code, _ = run.do_in_process('infer')
    assert code == -signal.SIGKILL
    assert outcome(run) == {0: 'ok', 1: 'ok', 2: 'ok'}


def test_a_death_that_does_not_come_again_costs_one_attempt(run: Run) -> None:
    with_rows(run, 6, 3)
    run.model.update(kill_on='deadly', kill_times=1)
    assert attempts(run) == [-signal.SIGKILL, ExitCode.COMPLETE]
    assert set(outcome(run).values()) == {'ok'}
    assert suspects(run) is None


@pytest.mark.slow
def test_a_sample_that_kills_the_process_is_found_and_the_others_are_answered(run: Run) -> None:
    with_rows(run, 80, 40)
    run.model['kill_on'] = 'deadly'
    killed = -signal.SIGKILL
    # All at once; in chunks; the chunk one by one; once more alone; without it.
    assert attempts(run) == [killed, killed, killed, killed, ExitCode.FAILED]
    assert outcome(run) == {**dict.fromkeys(range(80), 'ok'), 40: 'error'}
    [failed] = [record for record in run.records() if record.error]
    assert failed.error == POISON
    assert len(run.asked()) == 79 + 4
    run.do('evaluate')
    assert (run.result()['n_ok'], run.result()['failed']) == (79, 1)


@pytest.mark.slow
def test_several_samples_that_kill_the_process_are_found(run: Run) -> None:
    with_rows(run, 80, 5, 70)
    run.model['kill_on'] = 'deadly'
    assert attempts(run)[-1] == ExitCode.FAILED
    assert outcome(run) == {**dict.fromkeys(range(80), 'ok'), 5: 'error', 70: 'error'}


@pytest.mark.slow
def test_a_new_run_asks_poison_again(run: Run) -> None:
    with_rows(run, 3, 1)
    run.model['kill_on'] = 'deadly'
    assert attempts(run)[-1] == ExitCode.FAILED
    del run.model['kill_on']
    assert run.do_in_process('infer')[0] == ExitCode.COMPLETE
    assert {record.index for record in run.records() if record.is_answer} == {0, 1, 2}


@pytest.mark.slow
def test_a_sample_that_an_engine_dies_of_is_found_in_the_same_way(run: Run) -> None:
    with_rows(run, 40, 20)
    run.model['engine_error_on'] = 'deadly'
    codes = attempts(run)
    assert codes[-1] == ExitCode.FAILED
    assert set(codes[:-1]) == {ExitCode.INCOMPLETE}
    assert outcome(run) == {**dict.fromkeys(range(40), 'ok'), 20: 'error'}


@pytest.mark.slow
def test_an_engine_that_answers_nothing_makes_no_sample_poison(run: Run) -> None:
    with_rows(run, 40)
    run.model['engine_error_on'] = 'Q:'
    states = []
    for attempt in range(1, 6):
        assert run.do_in_process('infer', attempt)[0] == ExitCode.INCOMPLETE
        states.append(suspects(run))
    # From the fourth attempt on nothing changes, so that the runner gives up.
    assert states[3] == states[4]
    assert [state['deaths'] for state in states[1:]] == [{}] * 4
    assert run.records() == []
    assert run.progress('infer').reason == "the scripted engine died of 'Q:'"
    del run.model['engine_error_on']
    assert run.do_in_process('infer', attempt=6)[0] == ExitCode.COMPLETE
    assert suspects(run) is None


def test_an_engine_that_dies_keeps_what_it_answered(run: Run) -> None:
    run.model['engine_error_on'] = '3+3'
    assert run.do('infer') == ExitCode.INCOMPLETE
    assert outcome(run) == {0: 'ok', 1: 'ok', 2: 'ok'}
    assert not (run.predictions() / 'manifest.json').exists()


@pytest.mark.parametrize(
    ('engine', 'num_answers', 'reason'),
    [
        ('LazyModel', 2, 'the engine ended before it took all requests'),
        ('ForgetfulModel', 2, 'the engine ended and left 4 requests unanswered'),
        ('StrangerModel', 2, 'the engine answered a request that it was not asked: stranger'),
    ],
)
def test_an_engine_that_breaks_its_word_is_an_error(
    run: Run, engine: str, num_answers: int, reason: str
) -> None:
    run.model['type'] = f'tests.tasks.engines.{engine}'
    assert run.do('infer') == ExitCode.INCOMPLETE
    assert run.progress('infer').reason == reason
    assert len(run.records()) == num_answers


def test_an_answer_that_comes_twice_is_an_error(run: Run) -> None:
    run.model['type'] = 'tests.tasks.engines.TwiceModel'
    assert run.do('infer') == ExitCode.INCOMPLETE
    assert run.progress('infer').reason.startswith(
        'the engine answered a request that it was not asked: sums/'
    )
    assert len(run.records()) == 1


def wait_for_lines(path: Path, number: int) -> None:
    deadline = time.monotonic() + 30
    while not path.exists() or path.read_bytes().count(b'\n') < number:
        assert time.monotonic() < deadline, f'{path} has no {number} lines'
        time.sleep(0.01)


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_stops_soon_and_keeps_every_answer(run: Run, number: int) -> None:
    with_rows(run, 1000)
    run.model['delay'] = 0.05
    process = run.start('infer')
    wait_for_lines(run.predictions() / 'all.jsonl', 5)
    process.send_signal(number)
    began = time.monotonic()
    process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    assert time.monotonic() - began < 3
    # Whatever was asked was answered and stored.
    assert [f'sums/{record.key}/0' for record in run.records()] == run.asked()
    assert 5 <= len(run.records()) < 200
    run.model['delay'] = 0
    assert run.do('infer') == ExitCode.COMPLETE
    assert len(run.asked()) == 1000


def test_the_second_interrupt_stops_at_once(run: Run) -> None:
    with_rows(run, 10)
    run.model['answers'] = {'Q:2': {'text': '2', 'seconds': 60}}
    process = run.start('infer')
    wait_for_lines(run.predictions() / 'all.jsonl', 2)
    process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=5)
    assert process.returncode == ExitCode.INTERRUPTED
    assert outcome(run) == {0: 'ok', 1: 'ok'}


@pytest.mark.slow
def test_an_engine_that_hangs_is_interrupted_after_a_time_of_grace(run: Run) -> None:
    with_rows(run, 10)
    run.model['answers'] = {'Q:2': {'text': '2', 'seconds': 60}}
    process = run.start('infer')
    wait_for_lines(run.predictions() / 'all.jsonl', 2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == ExitCode.INTERRUPTED
    assert outcome(run) == {0: 'ok', 1: 'ok'}


def test_an_interrupt_has_a_time_to_drain_and_one_to_hang() -> None:
    with Interrupt(drain_seconds=0.1, hang_seconds=0.2) as interrupt:
        assert not interrupt.is_requested
        os.kill(os.getpid(), signal.SIGINT)
        assert interrupt.is_requested
        assert not interrupt.is_over
        with pytest.raises(KeyboardInterrupt):
            time.sleep(5)
        assert interrupt.is_over


def test_an_interrupt_that_is_over_leaves_no_alarm_and_no_handler() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with Interrupt(drain_seconds=0.1, hang_seconds=0.1):
        os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.3)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_open_answers_are_waited_for_while_they_come(run: Run) -> None:
    run.model = {
        **run.model,
        'type': 'tests.tasks.signals.InterruptedModel',
        'delay': 0.01,
    }
    assert run.do('infer') == ExitCode.INTERRUPTED
    # It had taken all six requests when the interrupt came, and went on.
    assert len(run.records()) == 6


def test_an_interrupt_while_the_model_is_loaded_asks_nothing(run: Run) -> None:
    run.model = {'type': 'tests.tasks.signals.SlowlyLoadedModel', 'abbr': 'scripted'}
    assert run.do('infer') == ExitCode.INTERRUPTED
    assert run.records() == []


@pytest.mark.slow
def test_random_kills_lose_no_answer(run: Run) -> None:
    with_rows(run, 300)
    run.model['delay'] = 0.002
    known: set[str] = set()
    for number in range(4):
        process = run.start('infer')
        wait_for_lines(run.predictions() / 'all.jsonl', 30 * (number + 1))
        process.kill()
        process.communicate()
        keys = {record.key for record in run.records()}
        assert known <= keys
        known = keys
    assert run.do('infer') == ExitCode.COMPLETE
    assert set(outcome(run)) == set(range(300))
    # At most the one that was in flight at each kill was asked twice.
    assert len(run.asked()) <= 300 + 4


def test_a_disk_without_room_for_the_progress_costs_no_answer(run: Run) -> None:
    (run.folder / 'infer.progress.json').mkdir()
    assert run.do('infer') == ExitCode.COMPLETE
    assert len(run.records()) == len(SUMS) == len(RIGHT)
