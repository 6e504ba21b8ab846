import json
import time
from pathlib import Path

import pytest

from evalkit.tasks import Shard, Task
from evalkit.tasks.progress import Progress, ProgressFile, read_progress

MODEL = {'type': 'ScriptedModel', 'abbr': 'm', 'run_cfg': {'num_gpus': 2}}
DATASETS = (
    {'type': 'CustomDataset', 'abbr': 'a', 'eval_cfg': {'num_gpus': 1}},
    {'type': 'CustomDataset', 'abbr': 'b'},
)


def test_a_task_survives_its_file() -> None:
    task = Task('infer', MODEL, DATASETS, 'outputs/x', Shard(1, 4), dump_details=False)
    assert Task.from_json(task.to_json()) == task
    assert task.to_json().isascii()


@pytest.mark.parametrize(
    ('task', 'name'),
    [
        (Task('infer', MODEL, DATASETS[:1], 'w'), 'm/a'),
        (Task('infer', MODEL, DATASETS, 'w'), 'm/a+1'),
        (Task('infer', MODEL, DATASETS[:1], 'w', Shard(1, 4)), 'm/a_1of4'),
        (Task('infer', MODEL, DATASETS, 'w', Shard(0, 2)), 'm/a+1_0of2'),
    ],
)
def test_a_task_is_named_by_its_model_its_datasets_and_its_shard(task: Task, name: str) -> None:
    assert task.name == name


def test_asking_needs_the_gpus_of_the_model_and_scoring_those_of_the_datasets() -> None:
    assert Task('infer', MODEL, DATASETS, 'w').num_gpus == 2
    assert Task('evaluate', MODEL, DATASETS, 'w').num_gpus == 1
    assert Task('evaluate', MODEL, DATASETS[1:], 'w').num_gpus == 0
    assert Task('infer', {**MODEL, 'run_cfg': None}, DATASETS, 'w').num_gpus == 0


def test_the_shards_of_a_dataset_have_each_sample_once() -> None:
    owners = [[Shard(i, 3).has(number) for i in range(3)] for number in range(10)]
    assert [sum(row) for row in owners] == [1] * 10
    assert [number for number in range(10) if Shard(1, 3).has(number)] == [1, 4, 7]


def test_the_progress_is_what_was_last_written(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path / 'progress.json', interval=60)
    file.progress.num_done = 3
    file.update()
    file.progress.num_done = 4
    file.update()
    assert read_progress(file.path) == Progress(num_done=3)
    file.update(now=True)
    assert read_progress(file.path) == Progress(num_done=4)


def test_the_last_counts_are_told_even_if_nothing_follows(tmp_path: Path) -> None:
    file = ProgressFile(tmp_path / 'progress.json', interval=0.05)
    for number in range(1, 101):
        file.progress.num_done = number
        file.update()
    deadline = time.monotonic() + 10
    while read_progress(file.path) != Progress(num_done=100):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize('text', ['', '{"num_do', '[]', json.dumps({'from': 'another version'})])
def test_a_progress_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / 'progress.json'
    assert read_progress(path) is None
    path.write_text(text)
    assert read_progress(path) is None
