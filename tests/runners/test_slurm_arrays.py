"""Tasks as elements of job arrays on a real Slurm of one node."""

import re
import shutil
import signal
from pathlib import Path

import pytest

from evalkit.runners.watchdog import environment as environment_of
from tests.runners.on_slurm import ON_SLURM, ask, job_states, num_answers, wait_until, write
from tests.runs import (
    acknowledged,
    asked,
    asked_twice,
    evaluate,
    run_folder,
    scores,
    start,
    workers,
)

TABLE = {('words', 'scripted'): 100.0}


def arrays(cluster: dict[str, str]) -> list[str]:
    """Return what squeue writes of jobs that wait together, such as `12_[1-3%1]`."""
    return [name for name in ask(cluster, 'squeue', '-h', '-o', '%i').split() if '[' in name]


def test_tasks_are_one_array_of_which_some_run_at_a_time(
    tmp_path: Path, cluster: dict[str, str], mark: str
) -> None:
    write(tmp_path, delay=0.3)
    secret = 'sk-not-for-the-controller'
    flags = (*ON_SLURM, '--num-replicas', 4, '--max-num-workers', 1)
    run = start(tmp_path, 'words.py', *flags, mark=mark, **cluster, OPENAI_API_KEY=secret)
    wait_until(lambda: num_answers(tmp_path) >= 2)
    [waiting] = arrays(cluster)
    array = waiting.partition('_')[0]
    assert waiting == f'{array}_[1-3%1]'
    assert sorted(job_states(cluster).values()) == ['PENDING'] * 3 + ['RUNNING']
    script = ask(cluster, 'scontrol', 'write', 'batch_script', array, '-')
    assert 'EVALKIT_PROGRESS=' in script
    assert secret not in script + ask(cluster, 'scontrol', 'show', 'job', array)
    said = run.communicate(timeout=100)[1]
    assert run.returncode == 0, said
    assert f'submitted 4 tasks to Slurm: job {array}\n' in said
    found = run_folder(tmp_path)
    assert scores(found) == TABLE
    logs = sorted(found.glob('logs/infer/scripted/*.log'))
    heads = [re.findall(r'^--- job (\S+) of Slurm', log.read_text(), re.M) for log in logs]
    assert heads == [[f'{array}_{index}'] for index in range(4)]
    assert not (found / 'logs' / 'slurm').exists()


def test_more_tasks_than_an_array_can_have_are_several_arrays(
    tmp_path: Path, cluster: dict[str, str]
) -> None:
    write(tmp_path)
    done = evaluate(tmp_path, 'words.py', *ON_SLURM, '--num-replicas', 10, **cluster)
    assert done.returncode == 0, done.stderr
    sizes = re.findall(r'submitted (\d+) tasks? to Slurm', done.stderr)
    assert sizes == ['8', '2', '1']
    assert scores(run_folder(tmp_path)) == TABLE
    assert len(asked(tmp_path)) == 40


LIMITED = """#!/bin/sh
# sbatch of a cluster that lets a user have three jobs in the queue (QOS with MaxSubmitJobs=3)
for last; do true; done
end=${last#--array=0-}
if [ $(($(squeue -h -r -o %i | wc -l) + ${end%%%*} + 1)) -gt 3 ]; then
    echo 'sbatch: error: QOSMaxSubmitJobPerUserLimit' >&2
    echo 'sbatch: error: Batch job submission failed: Job violates accounting/QOS policy' >&2
    exit 1
fi
exec SBATCH "$@"
"""


@pytest.mark.parametrize('num_others', [0, 3])
def test_a_limit_of_jobs_in_the_queue_is_kept(
    tmp_path: Path, cluster: dict[str, str], num_others: int
) -> None:
    write(tmp_path)
    real = shutil.which('sbatch', path=cluster['PATH'])
    (tmp_path / 'sbatch').write_text(LIMITED.replace('SBATCH', str(real)))
    (tmp_path / 'sbatch').chmod(0o755)
    path = {**cluster, 'PATH': f'{tmp_path}:{cluster["PATH"]}'}
    others = [
        ask(cluster, 'sbatch', '--parsable', '--hold', '--wrap=true') for _ in range(num_others)
    ]
    done = evaluate(tmp_path, 'words.py', *ON_SLURM, '--num-replicas', 5, **path)
    if others:
        ask(cluster, 'scancel', *map(str.strip, others))
        assert done.returncode == 2, done.stderr
        assert 'Slurm refuses the job: QOSMaxSubmitJobPerUserLimit' in done.stderr
        return
    assert done.returncode == 0, done.stderr
    assert scores(run_folder(tmp_path)) == TABLE
    assert len(asked(tmp_path)) == 40


def test_an_element_that_fails_is_tried_again_alone(
    tmp_path: Path, cluster: dict[str, str], mark: str
) -> None:
    write(tmp_path, delay=0.2)
    run = start(tmp_path, 'words.py', *ON_SLURM, '--num-replicas', 2, mark=mark, **cluster)
    wait_until(lambda: list(job_states(cluster).values()) == ['RUNNING'] * 2)
    wait_until(lambda: num_answers(tmp_path) >= 5)
    before = acknowledged(run_folder(tmp_path))
    [killed] = [job for job in job_states(cluster) if job.endswith('_1')]
    ask(cluster, 'scancel', '--batch', '--signal=KILL', killed)
    said = run.communicate(timeout=100)[1]
    assert run.returncode == 0, said
    assert 'scripted/words_1of2: killed by SIGKILL' in said
    assert re.findall(r'submitted (\d+) tasks? to Slurm', said) == ['2', '1', '1']
    assert scores(run_folder(tmp_path)) == TABLE
    assert not before & set(asked_twice(tmp_path))


def test_an_element_that_is_requeued_goes_on_in_its_array(
    tmp_path: Path, cluster: dict[str, str], mark: str
) -> None:
    write(tmp_path, delay=0.2)
    flags = (*ON_SLURM, '--num-replicas', 2, '--retry', 0)
    run = start(tmp_path, 'words.py', *flags, mark=mark, **cluster)
    wait_until(lambda: list(job_states(cluster).values()) == ['RUNNING'] * 2)
    wait_until(lambda: num_answers(tmp_path) >= 5)
    before = acknowledged(run_folder(tmp_path))
    [job] = [name for name in job_states(cluster) if name.endswith('_1')]
    ask(cluster, 'scontrol', 'requeue', job)
    said = run.communicate(timeout=150)[1]
    assert run.returncode == 0, said
    assert f'scripted/words_1of2: job {job} is pending again: it was preempted' in said
    assert scores(run_folder(tmp_path)) == TABLE
    assert not before & set(asked_twice(tmp_path))


def test_an_array_that_somebody_cancels_while_it_waits_is_not_begun_again(
    tmp_path: Path, cluster: dict[str, str], mark: str
) -> None:
    write(tmp_path, delay=0.2)
    flags = (*ON_SLURM, '--num-replicas', 3, '--max-num-workers', 1)
    run = start(tmp_path, 'words.py', *flags, mark=mark, **cluster)
    wait_until(lambda: arrays(cluster))
    [array] = {name.partition('_')[0] for name in job_states(cluster)}
    ask(cluster, 'scancel', array)
    said = run.communicate(timeout=60)[1]
    assert run.returncode == 4, said
    for index in range(3):
        line = rf'job {array}_{index} is cancelled( on \S+)? scripted/words_{index}of3'
        assert re.search(line, said), said


def test_ctrl_c_ends_what_waits_and_what_runs(
    tmp_path: Path, cluster: dict[str, str], mark: str
) -> None:
    write(tmp_path, delay=0.3)
    flags = (*ON_SLURM, '--num-replicas', 4, '--max-num-workers', 1)
    run = start(tmp_path, 'words.py', *flags, mark=mark, **cluster)
    wait_until(lambda: num_answers(tmp_path) >= 2)
    run.send_signal(signal.SIGINT)
    said, shown = run.communicate(timeout=60)
    assert run.returncode == 130, shown
    assert 'To go on:' in said
    assert not job_states(cluster)
    assert len(asked(tmp_path)) == len(acknowledged(run_folder(tmp_path)))


def test_a_task_gets_the_gpus_that_it_asks_for(
    tmp_path: Path, cluster: dict[str, str], mark: str
) -> None:
    write(tmp_path, delay=0.1, run_cfg={'num_gpus': 2})
    run = start(tmp_path, 'words.py', *ON_SLURM, mark=mark, **cluster)
    wait_until(lambda: num_answers(tmp_path) >= 2)
    assert 'gres:gpu:2' in ask(cluster, 'scontrol', 'show', 'job', *job_states(cluster))
    [worker] = [pid for pid in workers(mark) if b'SLURM_ARRAY_TASK_ID=' in environment_of(pid)]
    assert b'CUDA_VISIBLE_DEVICES=0,1' in environment_of(worker).split(b'\0')
    said = run.communicate(timeout=100)[1]
    assert run.returncode == 0, said


def test_more_gpus_than_a_node_has_are_refused(tmp_path: Path, cluster: dict[str, str]) -> None:
    write(tmp_path, number=2, run_cfg={'num_gpus': 9})
    done = evaluate(tmp_path, 'words.py', *ON_SLURM, **cluster)
    assert done.returncode == 2, done.stderr
    assert 'Slurm refuses the job: ' in done.stderr
