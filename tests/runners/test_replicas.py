"""`--num-replicas N` on one machine: N processes, each with its part of the samples."""

from pathlib import Path

import pytest

from evalkit.tasks import Shard
from tests.runs import (
    asked,
    asked_twice,
    evaluate,
    model,
    run_folder,
    scores,
    write_config,
    write_words,
)

WRONG = {'Say word1.': 'no'}


def infer_logs(run: Path) -> list[str]:
    return sorted(log.stem for log in run.glob('logs/infer/scripted/*.log'))


@pytest.mark.parametrize(('num_shards', 'num'), [(1, 1), (1, 3), (3, 2), (4, 5)])
def test_dealt_shards_have_each_sample_of_the_shard_once(num_shards: int, num: int) -> None:
    shard = Shard(num_shards - 1, num_shards)
    dealt = shard.deal(num)
    for number in range(200):
        assert sum(part.has(number) for part in dealt) == shard.has(number)


@pytest.mark.parametrize('num_replicas', [1, 2, 3])
def test_the_table_is_the_same_whatever_the_number_of_replicas(
    tmp_path: Path, num_replicas: int
) -> None:
    write_words(tmp_path, 10)
    write_config(tmp_path, [model(answers=WRONG)])
    done = evaluate(tmp_path, 'words.py', '--num-replicas', num_replicas)
    assert done.returncode == 0, done.stderr
    run = run_folder(tmp_path)
    assert len(infer_logs(run)) == num_replicas
    assert scores(run) == {('words', 'scripted'): 90.0}
    assert len(asked(tmp_path)) == 10
    assert not asked_twice(tmp_path)


def test_a_run_is_resumed_with_another_number_of_replicas(tmp_path: Path) -> None:
    write_words(tmp_path, 10)
    write_config(tmp_path, [model(kill_on='word7', kill_times=2)])
    first = evaluate(tmp_path, 'words.py', '--num-replicas', 2, '--retry', 0)
    assert first.returncode == 4, first.stderr
    before = set(asked(tmp_path))
    assert len(before) < 10
    again = evaluate(tmp_path, 'words.py', '--num-replicas', 3, '-r')
    assert again.returncode == 0, again.stderr
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}
    # Only the question that killed is asked again.
    assert len(asked_twice(tmp_path)) == 1


def test_a_model_names_its_replicas_itself_and_the_flag_wins(tmp_path: Path) -> None:
    write_words(tmp_path, 6)
    write_config(tmp_path, [model(run_cfg={'num_replicas': 2})])
    planned = evaluate(tmp_path, 'words.py', '--dry-run').stdout
    assert 'scripted/words_1of2' in planned
    planned = evaluate(tmp_path, 'words.py', '--dry-run', '--num-replicas', 3).stdout
    assert 'scripted/words_2of3' in planned


@pytest.mark.parametrize(
    ('flags', 'error'),
    [
        (['--num-replicas', '0'], 'is not a positive number'),
        (['-p', 'gpu'], '--partition is a flag of another runner: add --runner slurm'),
        (['--address', 'auto'], '--address is a flag of another runner: add --runner ray'),
    ],
)
def test_a_flag_without_effect_is_refused(tmp_path: Path, flags: list[str], error: str) -> None:
    write_words(tmp_path, 2)
    write_config(tmp_path)
    done = evaluate(tmp_path, 'words.py', *flags)
    assert done.returncode == 2
    assert error in done.stderr
    assert not (tmp_path / 'outputs').exists()
