from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.partitioners import (
    BasePartitioner,
    NaivePartitioner,
    NumWorkerPartitioner,
    ScoringPartitioner,
    SizePartitioner,
)
from evalkit.tasks.base import Shard, Task

MODELS = [{'abbr': 'small'}, {'abbr': 'large'}]
SIZES = {'gsm8k': 1319, 'math': 5000, 'arc': 100, 'copa': 10}


def size(dataset_cfg: Any) -> int:
    return SIZES[dataset_cfg['abbr']]


def dataset(abbr: str, template: Any = '{question}', **more: Any) -> dict[str, Any]:
    return {'abbr': abbr, 'infer_cfg': {'prompt_template': {'template': template}}, **more}


DATASETS = [dataset(abbr) for abbr in SIZES]


def partition(partitioner: BasePartitioner, kind: Any = 'infer', **more: Any) -> list[Task]:
    return partitioner.partition(MODELS[:1], DATASETS, 'outputs', kind, **more)


def contents(tasks: list[Task]) -> list[list[str]]:
    return [[cfg['abbr'] for cfg in task.datasets] for task in tasks]


def test_by_default_each_model_gets_one_task_with_all_its_datasets() -> None:
    tasks = NaivePartitioner().partition(MODELS, DATASETS, 'outputs', 'infer')
    assert [task.name for task in tasks] == ['small/gsm8k+3', 'large/gsm8k+3']
    assert contents(tasks) == [list(SIZES)] * 2
    assert tasks[0].work_dir == 'outputs'
    assert tasks[0].model is MODELS[0]


def test_n_is_the_number_of_datasets_in_a_task() -> None:
    tasks = partition(NaivePartitioner(n=3))
    assert contents(tasks) == [['gsm8k', 'math', 'arc'], ['copa']]


def test_n_below_one_is_refused() -> None:
    with pytest.raises(ConfigError, match='number of datasets in a task, not 0'):
        NaivePartitioner(n=0)


def test_no_datasets_make_no_tasks() -> None:
    for partitioner in (NaivePartitioner(), NumWorkerPartitioner(), size_partitioner()):
        assert partitioner.partition(MODELS, [], 'outputs', 'infer') == []


def test_num_worker_deals_all_datasets_over_its_shards() -> None:
    tasks = partition(NumWorkerPartitioner(num_worker=3))
    assert [task.shard for task in tasks] == [Shard(0, 3), Shard(1, 3), Shard(2, 3)]
    assert contents(tasks) == [list(SIZES)] * 3


def test_num_worker_makes_no_tasks_below_the_least_size() -> None:
    partitioner = NumWorkerPartitioner(num_worker=8, dataset_size=size)
    tasks = partitioner.partition(MODELS[:1], [dataset('arc')], 'outputs', 'infer')
    assert [task.shard.num_shards for task in tasks] == [6] * 6
    tasks = partitioner.partition(MODELS[:1], [dataset('copa')], 'outputs', 'infer')
    assert [task.shard for task in tasks] == [Shard(0, 1)]


def test_num_worker_splits_each_dataset_alone_if_told_so() -> None:
    partitioner = NumWorkerPartitioner(num_split=2, strategy='split', dataset_size=size)
    tasks = partition(partitioner)
    assert [task.name for task in tasks] == [
        'small/gsm8k_0of2',
        'small/gsm8k_1of2',
        'small/math_0of2',
        'small/math_1of2',
        'small/arc_0of2',
        'small/arc_1of2',
        'small/copa',
    ]


def test_scoring_is_never_dealt_over_shards() -> None:
    for partitioner in (NumWorkerPartitioner(num_worker=3), size_partitioner(max_task_size=100)):
        tasks = partition(partitioner, 'evaluate')
        assert {task.shard for task in tasks} == {Shard()}


def size_partitioner(**more: Any) -> SizePartitioner:
    return SizePartitioner(dataset_size=size, **more)


def store_answers(folder: Path, **megabytes: int) -> None:
    for abbr, size in megabytes.items():
        path = folder / 'predictions' / 'small' / abbr / '0.jsonl'
        path.parent.mkdir(parents=True)
        with path.open('wb') as file:
            file.truncate(size << 20)


def score(folder: Path, datasets: list[dict[str, Any]], num_worker: int = 2) -> list[list[str]]:
    partitioner = ScoringPartitioner(num_worker)
    return contents(partitioner.partition(MODELS[:1], datasets, str(folder), 'evaluate'))


def test_scoring_is_dealt_over_the_cores_by_the_size_of_the_answers(tmp_path: Path) -> None:
    store_answers(tmp_path, gsm8k=9, math=20, arc=7, copa=1)
    assert score(tmp_path, DATASETS) == [['math'], ['gsm8k', 'arc', 'copa']]
    assert score(tmp_path, DATASETS, num_worker=1) == [list(SIZES)]
    partitioner = ScoringPartitioner(2)
    asked = partitioner.partition(MODELS[:1], DATASETS, str(tmp_path), 'infer')
    assert contents(asked) == [list(SIZES)]


def test_small_answers_are_scored_by_one_process(tmp_path: Path) -> None:
    assert score(tmp_path, DATASETS) == [list(SIZES)]
    store_answers(tmp_path, gsm8k=9, math=5)
    assert score(tmp_path, DATASETS) == [list(SIZES)]


def test_evaluators_that_use_all_cores_are_not_run_side_by_side(tmp_path: Path) -> None:
    store_answers(tmp_path, gsm8k=20, math=20, arc=20, copa=20)
    crews: list[dict[str, Any]] = [
        {'evaluator': {'type': 'MATHVerifyEvaluator'}},
        {
            'evaluator': {
                'type': 'CascadeEvaluator',
                'llm': {},
                'rule': {'type': 'HumanEvalEvaluator'},
            }
        },
        {'evaluator': {'type': 'AccEvaluator'}, 'num_gpus': 1},
    ]
    alone = [dataset(abbr, eval_cfg=cfg) for abbr, cfg in zip(SIZES, crews, strict=False)]
    assert score(tmp_path, [*alone, dataset('copa')]) == [['gsm8k', 'math', 'arc'], ['copa']]


def test_size_packs_small_datasets_and_deals_out_big_ones() -> None:
    tasks = partition(size_partitioner(max_task_size=30000))
    assert [task.name for task in tasks] == [
        'small/math_0of4',
        'small/math_1of4',
        'small/math_2of4',
        'small/math_3of4',
        'small/gsm8k+2',
    ]
    assert contents(tasks)[-1] == ['gsm8k', 'arc', 'copa']


def test_size_splits_but_never_packs_if_told_so() -> None:
    tasks = partition(size_partitioner(max_task_size=60000, strategy='split'))
    assert [task.name for task in tasks] == [
        'small/gsm8k',
        'small/math_0of2',
        'small/math_1of2',
        'small/arc',
        'small/copa',
    ]


@pytest.mark.parametrize(
    ('template', 'repeats', 'cost'),
    [
        ('{question}', 1, 2000),
        ({'round': [{'role': 'HUMAN', 'prompt': '{question}'}]}, 1, 2000),
        ({'A': 'yes', 'B': 'no', 'C': 'perhaps'}, 1, 300),
        ('{question}', 4, 8000),
    ],
)
def test_a_sample_costs_what_opencompass_says(template: Any, repeats: int, cost: int) -> None:
    assert size_partitioner().cost(dataset('arc', template, n=repeats)) == cost


def test_sizes_are_asked_once_and_kept_in_a_file(tmp_path: Any) -> None:
    asked: list[str] = []

    def count(dataset_cfg: Any) -> int:
        asked.append(dataset_cfg['abbr'])
        return size(dataset_cfg)

    path = str(tmp_path / 'sizes.json')
    partition(SizePartitioner(dataset_size=count, dataset_size_path=path))
    partition(SizePartitioner(dataset_size=count, dataset_size_path=path))
    assert asked == list(SIZES)


def test_a_broken_file_of_sizes_is_named(tmp_path: Any) -> None:
    path = tmp_path / 'sizes.json'
    path.write_text('[1]')
    with pytest.raises(ConfigError, match=r'sizes\.json holds no sizes; remove it'):
        SizePartitioner(dataset_size=size, dataset_size_path=str(path))


def test_a_misspelt_strategy_is_refused_with_the_right_one() -> None:
    with pytest.raises(ConfigError, match='did you mean heuristic'):
        NumWorkerPartitioner(strategy='heuristics')


def test_combinations_restrict_who_is_asked_what() -> None:
    combinations: list[dict[str, Any]] = [
        {'models': [MODELS[0]], 'datasets': [DATASETS[0], DATASETS[1]]},
        {'models': ['small', 'large'], 'datasets': ['gsm8k', 'copa']},
    ]
    tasks = NaivePartitioner().partition(MODELS, DATASETS, 'outputs', 'infer', combinations)
    assert contents(tasks) == [['gsm8k', 'math', 'copa'], ['gsm8k', 'copa']]


def test_combinations_may_bring_their_configs_themselves() -> None:
    combinations = [{'models': MODELS, 'datasets': DATASETS[2:]}]
    tasks = NaivePartitioner().partition([], [], 'outputs', 'infer', combinations)
    assert [task.name for task in tasks] == ['small/arc+1', 'large/arc+1']


def test_a_combination_with_an_unknown_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="no dataset 'gsm8'; did you mean gsm8k"):
        partition(NaivePartitioner(), combinations=[{'models': [], 'datasets': ['gsm8']}])


def test_two_datasets_with_one_name_are_refused() -> None:
    with pytest.raises(ConfigError, match="two datasets have the abbr 'arc'"):
        NaivePartitioner().partition(MODELS, [dataset('arc')] * 2, 'outputs', 'infer')


def test_task_names_are_unique() -> None:
    for partitioner in (
        NaivePartitioner(n=1),
        NumWorkerPartitioner(num_worker=5, strategy='split'),
        size_partitioner(max_task_size=9000),
    ):
        names = [task.name for task in partitioner.partition(MODELS, DATASETS, 'o', 'infer')]
        assert len(set(names)) == len(names)


def test_adapters_of_one_base_are_asked_by_one_task_and_scored_by_one_each() -> None:
    adapters = {'adapters': {'one': 'a', 'two': 'b'}, 'path': 'base'}
    models: list[dict[str, Any]] = [
        {'abbr': 'base', **adapters, 'adapter': None},
        {'abbr': 'other', 'path': 'other'},
        {'abbr': 'base-one', **adapters, 'adapter': 'one'},
        {'abbr': 'base-two', **adapters, 'adapter': 'two'},
    ]
    partitioner = NumWorkerPartitioner(num_split=2)
    asked = partitioner.partition(models, DATASETS, 'outputs', 'infer')
    assert [[model['abbr'] for model in task.models] for task in asked] == [
        ['base', 'base-one', 'base-two'], ['base', 'base-one', 'base-two'], ['other'], ['other'],
    ]  # fmt: skip
    assert Task.from_json(asked[0].to_json()).models == asked[0].models
    scored = partitioner.partition(models, DATASETS, 'outputs', 'evaluate')
    assert [[model['abbr'] for model in task.models] for task in scored] == [
        ['base'], ['other'], ['base-one'], ['base-two'],
    ]  # fmt: skip


def test_adapters_that_are_asked_other_datasets_have_a_task_of_their_own() -> None:
    adapters = {'adapters': {'one': 'a'}, 'path': 'base'}
    base, one = {'abbr': 'base', **adapters}, {'abbr': 'base-one', **adapters, 'adapter': 'one'}
    combinations = [
        {'models': ['base'], 'datasets': ['arc']},
        {'models': ['base-one'], 'datasets': ['math']},
    ]
    tasks = NaivePartitioner().partition(
        [base, one], DATASETS, 'outputs', 'infer', combinations=combinations
    )
    assert [task.name for task in tasks] == ['base/arc', 'base-one/math']
