"""Which task gets which GPUs."""

import time
from pathlib import Path

import pytest

from evalkit.errors import ConfigError
from evalkit.runners import TaskStatus
from evalkit.runners.devices import Devices, visible_gpus
from tests.runners.scripts import run, task

SHOW = """
import os, time
print('from', time.monotonic())
print(os.environ.get('CUDA_VISIBLE_DEVICES', 'unset'), flush=True)
time.sleep(0.5)
print('to', time.monotonic())
"""


@pytest.fixture
def four_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '0,1,2,3')


@pytest.fixture
def no_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '')


def gpus(statuses: list[TaskStatus]) -> list[str]:
    return [status.log_tail[1] for status in statuses]


def are_together(one: TaskStatus, other: TaskStatus) -> bool:
    spans = [
        (float(status.log_tail[0].split()[1]), float(status.log_tail[2].split()[1]))
        for status in (one, other)
    ]
    return spans[0][0] < spans[1][1] and spans[1][0] < spans[0][1]


@pytest.mark.usefixtures('four_gpus')
def test_each_task_gets_a_group_of_its_own(tmp_path: Path) -> None:
    tasks = [task('two', SHOW, 2), task('one', SHOW, 1), task('last', SHOW, 1)]
    statuses = run(tmp_path, *tasks)
    assert gpus(statuses) == ['0,1', '2', '3']
    assert are_together(statuses[0], statuses[2])


@pytest.mark.usefixtures('four_gpus')
def test_a_task_without_gpus_sees_none_and_does_not_wait_for_any(tmp_path: Path) -> None:
    tasks = [task('all', SHOW, 4), task('next', SHOW, 1), task('api', SHOW, 0)]
    statuses = run(tmp_path, *tasks)
    assert gpus(statuses) == ['0,1,2,3', '0', '']
    assert are_together(statuses[0], statuses[2])
    assert not are_together(statuses[0], statuses[1])


@pytest.mark.usefixtures('four_gpus')
def test_a_big_task_is_not_overtaken_for_ever(tmp_path: Path) -> None:
    tasks = [task('small', SHOW, 1), task('big', SHOW, 4), task('small2', SHOW, 1)]
    small, big, small2 = run(tmp_path, *tasks)
    assert not are_together(small, small2)
    assert not are_together(small, big)


@pytest.mark.usefixtures('four_gpus')
def test_a_gpu_is_shared_if_the_runner_allows_it(tmp_path: Path) -> None:
    tasks = [task(f't{number}', SHOW, 2) for number in range(4)]
    statuses = run(tmp_path, *tasks, max_workers_per_gpu=2)
    assert gpus(statuses) == ['0,1', '2,3', '0,1', '2,3']
    assert are_together(statuses[0], statuses[3])


@pytest.mark.usefixtures('four_gpus')
def test_more_gpus_than_there_are_is_a_mistake_of_the_config(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='big/data asks for 5 GPUs, but here are 4: lower'):
        run(tmp_path, task('big', SHOW, 5))


@pytest.mark.usefixtures('no_gpus')
def test_without_any_gpu_tasks_run_all_the_same(tmp_path: Path) -> None:
    began = time.monotonic()
    statuses = run(tmp_path, task('big', SHOW, 8), task('api', SHOW, 0))
    assert gpus(statuses) == ['', '']
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ('listed', 'expected'),
    [
        ('0,1', ['0', '1']),
        ('GPU-8f2a, GPU-91c0', ['GPU-8f2a', 'GPU-91c0']),
        ('', []),
        ('-1', []),
        ('2,-1,3', ['2']),
    ],
)
def test_the_visible_gpus_are_those_that_cuda_would_see(listed: str, expected: list[str]) -> None:
    assert visible_gpus({'CUDA_VISIBLE_DEVICES': listed}) == expected


def test_without_the_variable_the_device_files_are_counted(tmp_path: Path) -> None:
    for name in ('nvidia0', 'nvidia3', 'nvidiactl', 'nvidia-uvm'):
        (tmp_path / name).touch()
    assert visible_gpus({}, tmp_path) == ['0', '1']
    assert visible_gpus({}, tmp_path / 'none') == []


def test_devices_are_lent_evenly() -> None:
    devices = Devices(['0', '1', '2'], max_users=2)
    assert devices.take(2) == ('0', '1')
    assert devices.take(2) == ('0', '2')
    devices.give_back(('0', '1'))
    assert devices.take(3) == ('0', '1', '2')
    assert devices.take(3) is None
    assert devices.take(0) == ()
