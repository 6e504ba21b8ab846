"""`--runner slurm` on a real Slurm of one node, whose jobs are killed, preempted and cancelled."""

import os
import signal
from pathlib import Path

import pytest

from tests.models.openai.fault_server import FaultServer
from tests.runners.on_slurm import ON_SLURM, QUICK, ask, job_states, num_answers, wait_until, write
from tests.runs import (
    acknowledged,
    asked,
    asked_twice,
    evaluate,
    run_folder,
    scores,
    start,
    write_config,
    write_words,
)
from tests.served_words import NUM_WORDS, Words, check_usage, served


def test_jobs_make_the_table_and_leave_their_output_in_the_logs(
    tmp_path: Path, cluster: dict[str, str]
) -> None:
    write(tmp_path)
    done = evaluate(tmp_path, 'words.py', *ON_SLURM, '--num-replicas', 2, **cluster)
    assert done.returncode == 0, done.stderr
    run = run_folder(tmp_path)
    assert scores(run) == {('words', 'scripted'): 100.0}
    assert len(asked(tmp_path)) == 40
    logs = sorted(run.glob('logs/infer/scripted/*'))
    assert [log.name for log in logs if log.suffix in ('.log', '.out')] == [
        'words_0of2.log',
        'words_1of2.log',
    ]
    assert 'words: reused 0, stale 0, new 20' in logs[0].read_text()


def test_what_the_jobs_ask_of_a_service_is_added_up(
    tmp_path: Path, cluster: dict[str, str]
) -> None:
    write_words(tmp_path, NUM_WORDS)
    with FaultServer(Words()) as server:
        write_config(tmp_path, [served(server)], infer={'runner': QUICK}, eval={'runner': QUICK})
        done = evaluate(tmp_path, 'words.py', *ON_SLURM, '--num-replicas', 2, **cluster)
    assert done.returncode == 0, done.stderr
    assert len(server.asked) == NUM_WORDS + 1
    check_usage(tmp_path)


def test_a_job_that_is_killed_in_the_middle_goes_on(
    tmp_path: Path, cluster: dict[str, str], mark: str
) -> None:
    write(tmp_path, delay=0.1)
    run = start(tmp_path, 'words.py', *ON_SLURM, mark=mark, **cluster)
    wait_until(lambda: num_answers(tmp_path) >= 5)
    before = acknowledged(run_folder(tmp_path))
    ask(cluster, 'scancel', '--batch', '--signal=KILL', *job_states(cluster))
    said = run.communicate(timeout=100)[1]
    assert run.returncode == 0, said
    assert 'scripted/words: killed by SIGKILL (out of memory?)' in said
    found = run_folder(tmp_path)
    assert scores(found) == {('words', 'scripted'): 100.0}
    assert not before & set(asked_twice(tmp_path))


@pytest.mark.parametrize('cause', ['requeued', 'preempted'])
def test_a_job_that_loses_its_place_goes_on_where_it_was(
    tmp_path: Path, cluster: dict[str, str], mark: str, cause: str
) -> None:
    write(tmp_path, delay=0.1)
    run = start(tmp_path, 'words.py', *ON_SLURM, '--retry', 0, mark=mark, **cluster)
    wait_until(lambda: num_answers(tmp_path) >= 5)
    before = acknowledged(run_folder(tmp_path))
    [job] = job_states(cluster)
    if cause == 'requeued':
        ask(cluster, 'scontrol', 'requeue', job)
    else:
        ask(cluster, 'srun', '-p', 'urgent', '--exclusive', 'sleep', '1')
    said = run.communicate(timeout=150)[1]
    assert run.returncode == 0, said
    assert f'scripted/words: job {job} is pending again: it was preempted' in said
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}
    assert not before & set(asked_twice(tmp_path))


def test_a_time_limit_is_no_failure_while_answers_come(
    tmp_path: Path, cluster: dict[str, str], mark: str
) -> None:
    write(tmp_path, delay=0.1, number=450)
    run = start(tmp_path, 'words.py', *ON_SLURM, '--retry', 0, mark=mark, **cluster)
    wait_until(lambda: num_answers(tmp_path) >= 5)
    [job] = job_states(cluster)
    # Slurm looks at the limits every 30 s.
    ask(cluster, 'scontrol', 'update', f'JobId={job}', 'TimeLimit=0')
    said = run.communicate(timeout=150)[1]
    assert run.returncode == 0, said
    assert f'job {job} is timeout' in said
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}


def test_ctrl_c_keeps_the_answers_and_leaves_no_job(
    tmp_path: Path, cluster: dict[str, str], mark: str
) -> None:
    write(tmp_path, delay=0.1, number=200)
    flags = (*ON_SLURM, '--num-replicas', '2')
    run = start(tmp_path, 'words.py', *flags, mark=mark, **cluster)
    wait_until(lambda: num_answers(tmp_path) >= 5)
    run.send_signal(signal.SIGINT)
    said, _ = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert 'To go on:' in said
    assert not job_states(cluster)
    num_asked = len(asked(tmp_path))
    assert num_asked == len(acknowledged(run_folder(tmp_path)))


def test_a_job_that_somebody_cancels_is_not_begun_again(
    tmp_path: Path, cluster: dict[str, str], mark: str
) -> None:
    write(tmp_path, delay=0.1)
    run = start(tmp_path, 'words.py', *ON_SLURM, mark=mark, **cluster)
    wait_until(lambda: num_answers(tmp_path) >= 5)
    [job] = job_states(cluster)
    ask(cluster, 'scancel', job)
    said = run.communicate(timeout=60)[1]
    assert run.returncode == 4, said
    assert f'job {job} is cancelled' in said


def test_jobs_of_a_killed_run_are_ended_by_the_next_one(
    tmp_path: Path, cluster: dict[str, str], mark: str
) -> None:
    write(tmp_path, delay=0.2, number=100)
    run = start(tmp_path, 'words.py', *ON_SLURM, mark=mark, **cluster)
    wait_until(lambda: num_answers(tmp_path) >= 5)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    [left] = job_states(cluster)
    again = start(tmp_path, 'words.py', *ON_SLURM, '-r', mark=mark, **cluster)
    wait_until(lambda: job_states(cluster).keys() - {left})
    assert left not in job_states(cluster)
    again.send_signal(signal.SIGINT)
    again.communicate(timeout=60)
    assert again.returncode == 130
    assert not asked_twice(tmp_path)


@pytest.mark.parametrize(
    ('flags', 'error'),
    [
        (['-p', 'none'], 'Slurm refuses the job: invalid partition specified: none'),
        (['-q', 'spot', '-p', 'p'], "unrecognized option '--quotatype=spot'"),
    ],
)
def test_what_slurm_refuses_is_one_line(
    tmp_path: Path, cluster: dict[str, str], flags: list[str], error: str
) -> None:
    write(tmp_path, number=2)
    done = evaluate(tmp_path, 'words.py', '--slurm', *flags, **cluster)
    assert done.returncode == 2, done.stderr
    assert error in done.stderr


def test_without_slurm_the_error_says_where_to_run(tmp_path: Path) -> None:
    write(tmp_path, number=2)
    done = evaluate(tmp_path, 'words.py', '--slurm', PATH=str(tmp_path))
    assert done.returncode == 2
    assert 'SlurmRunner needs sbatch, which is not here: run on a login node' in done.stderr
