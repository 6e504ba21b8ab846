"""Every mistake that can be found without an engine is found before anything is run."""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from evalkit.config import load_config
from evalkit.errors import ConfigError
from evalkit.evaluators import AccEvaluator
from evalkit.tasks.validate import validate

REPOSITORY = Path(__file__).parents[2]


class ToyDataset:
    """Takes a few arguments."""

    @staticmethod
    def load(path: str, name: str = '', *, num_shots: int = 0) -> Iterable[Mapping[str, Any]]:
        return [{'path': path, 'name': name, 'num_shots': num_shots}]


class JudgeEvaluator(AccEvaluator):
    """Has a model and a dataset in its config."""

    def __init__(
        self, judge_cfg: Any = None, dataset_cfg: Any = None, template: Any = None
    ) -> None:
        self.cfgs = judge_cfg, dataset_cfg, template


def model(**more: Any) -> dict[str, Any]:
    return {
        'type': 'opencompass.models.ScriptedModel',
        'abbr': 'm',
        'path': 'a/b',
        'run_cfg': {'num_gpus': 0},
        **more,
    }


def dataset(**more: Any) -> dict[str, Any]:
    return {
        'type': ToyDataset,
        'abbr': 'd',
        'path': './data/toy',
        'reader_cfg': {'input_columns': ['question'], 'output_column': 'answer'},
        'infer_cfg': {
            'prompt_template': {'type': 'PromptTemplate', 'template': '{question}'},
            'retriever': {'type': 'ZeroRetriever'},
            'inferencer': {'type': 'GenInferencer', 'max_out_len': 8},
        },
        'eval_cfg': {'evaluator': {'type': 'AccEvaluator'}},
        **more,
    }


def config(**more: Any) -> dict[str, Any]:
    return {'models': [model()], 'datasets': [dataset()], **more}


def changed(place: str, value: Any) -> dict[str, Any]:
    """Return a right config with `value` at a place such as 'datasets[0].eval_cfg.evaluator'."""
    cfg: Any = config()
    *parents, last = place.replace('[', '.').replace(']', '').split('.')
    found = cfg
    for part in parents:
        found = found[int(part)] if part.isdigit() else found.setdefault(part, {})
    found[int(last) if last.isdigit() else last] = value
    return dict(cfg)


def error_of(cfg: Mapping[str, Any]) -> str:
    with pytest.raises(ConfigError) as caught:
        validate(cfg, 'c.py')
    text = str(caught.value)
    assert '\n' not in text
    assert text.startswith('c.py: ')
    return text.removeprefix('c.py: ')


def test_types_are_written_out_and_helpers_left_out() -> None:
    checked = validate(config(helper=1, _private=[{}], work_dir='outputs/x'), 'c.py')
    assert list(checked) == ['models', 'datasets', 'work_dir']
    assert checked['models'] == [{**model(), 'type': 'evalkit.models.scripted.ScriptedModel'}]
    [found] = checked['datasets']
    assert found['type'] == 'tests.tasks.test_validate.ToyDataset'
    assert found['infer_cfg']['inferencer'] == {
        'type': 'evalkit.inferencers.gen.GenInferencer',
        'max_out_len': 8,
    }
    assert found['eval_cfg'] == {'evaluator': {'type': 'evalkit.evaluators.accuracy.AccEvaluator'}}


def test_the_input_stays_as_it_is_and_shares_nothing_with_the_result() -> None:
    cfg = config(summarizer={'dataset_abbrs': ['d', ['d', 'accuracy']]})
    before = deepcopy(cfg)
    checked = validate(cfg, 'c.py')
    checked['models'][0]['run_cfg']['num_gpus'] = 7
    checked['datasets'][0]['reader_cfg']['input_columns'].append('x')
    assert cfg == before


def test_a_checked_config_is_right_and_stays_the_same() -> None:
    checked = validate(config(), 'c.py')
    assert validate(checked, 'c.py') == checked


def test_a_missing_abbr_is_made_of_the_path_and_the_name() -> None:
    cfg = {'models': [model()], 'datasets': [dataset(name='law'), dataset()]}
    for item in (*cfg['models'], *cfg['datasets']):
        del item['abbr']
    checked = validate(cfg, 'c.py')
    assert [item['abbr'] for item in checked['models']] == ['ScriptedModel_a_b']
    assert [item['abbr'] for item in checked['datasets']] == ['._data_toy_law', '._data_toy']


def test_without_a_retriever_there_are_no_examples() -> None:
    cfg = config()
    del cfg['datasets'][0]['infer_cfg']['retriever']
    [checked] = validate(cfg, 'c.py')['datasets']
    assert checked['infer_cfg']['retriever'] == {'type': 'evalkit.prompts.retrievers.ZeroRetriever'}


def test_what_is_listed_twice_is_run_once() -> None:
    checked = validate(config(datasets=[dataset(), dataset(abbr='e'), dataset()]), 'c.py')
    assert [item['abbr'] for item in checked['datasets']] == ['d', 'e']


def test_one_abbr_for_two_things_names_both() -> None:
    assert error_of(config(models=[model(), model(abbr='x'), model(path='c', batch_size=2)])) == (
        "models[0] and models[2] have the same abbr 'm' but differ in path, batch_size; "
        'give each its own abbr'
    )


@pytest.mark.parametrize(
    ('place', 'value', 'error'),
    [
        ('models', [], 'models: the list is empty'),
        ('models', None, 'models: is missing; it must be a list of dicts'),
        ('models', {'a': 1}, "models: is {'a': 1}; it must be a list of dicts"),
        ('models[0]', 'gpt', "models[0]: 'gpt' is not a dict"),
        ('models[0]', {'typ': 'X'}, 'models[0].type: is missing; did you mean typ?'),
        (
            'models[0].type',
            'ScriptedModle',
            'models[0].type: evalkit has no ScriptedModle; did you mean ScriptedModel?',
        ),
        ('models[0].type', 'GenInferencer', 'models[0].type: GenInferencer is not a model'),
        (
            'models[0].pth',
            'x',
            'models[0].pth: unknown key; did you mean path?',
        ),
        ('models[0].max_out_length', 8, 'models[0].max_out_length: unknown key; did you mean'),
        ('models[0].batch_size', '8', "models[0].batch_size: '8' is not a whole number"),
        ('models[0].batch_size', True, 'models[0].batch_size: True is not a whole number'),
        ('models[0].batch_size', 0, 'models[0].batch_size: 0 is less than 1'),
        ('models[0].run_cfg', 8, 'models[0].run_cfg: 8 is not a dict'),
        (
            'models[0].run_cfg.num_gpu',
            1,
            'models[0].run_cfg.num_gpu: unknown key; did you mean num_gpus?',
        ),
        ('models[0].run_cfg.num_gpus', -1, 'models[0].run_cfg.num_gpus: -1 is less than 0'),
        (
            'models[0].run_cfg.num_gpus',
            'all',
            "models[0].run_cfg.num_gpus: 'all' is not a whole number",
        ),
        ('models[0].stop_words', '</s>', "models[0].stop_words: '</s>' is not a list"),
        (
            'models[0].pred_postprocessor',
            {'type': 'nothing_known'},
            'models[0].pred_postprocessor.type: evalkit has no nothing_known',
        ),
        ('models[0].abbr', 3, 'models[0].abbr: 3 is not a text'),
        (
            'datasets[0].type',
            'AccEvaluator',
            'datasets[0].type: AccEvaluator is not a dataset: it has no `load`',
        ),
        (
            'datasets[0].num_shot',
            2,
            'datasets[0].num_shot: unknown key; did you mean num_shots?',
        ),
        (
            'datasets[0].reader',
            {},
            'datasets[0].reader: unknown key; did you mean reader_cfg?',
        ),
        (
            'datasets[0].reader_cfg.output_colum',
            'a',
            'datasets[0].reader_cfg.output_colum: unknown key; did you mean output_column?',
        ),
        (
            'datasets[0].reader_cfg.test_range',
            [0, 1],
            'datasets[0].reader_cfg.test_range: [0, 1] is not a whole number or a number or a text',
        ),
        (
            'datasets[0].infer_cfg.inferencr',
            {},
            'datasets[0].infer_cfg.inferencr: unknown key; did you mean inferencer?',
        ),
        (
            'datasets[0].infer_cfg.inferencer',
            {'type': 'GenInferencer', 'max_out_length': 8},
            'datasets[0].infer_cfg.inferencer.max_out_length: GenInferencer has no such argument; '
            'did you mean max_out_len?',
        ),
        (
            'datasets[0].infer_cfg.inferencer.max_out_len',
            '8',
            "datasets[0].infer_cfg.inferencer.max_out_len: '8' is not a whole number",
        ),
        (
            'datasets[0].infer_cfg.inferencer',
            {},
            'datasets[0].infer_cfg.inferencer: needs a dict with a `type`',
        ),
        (
            'datasets[0].infer_cfg',
            {'inferencer': {'type': 'GenInferencer'}, 'retriever': {'type': 'ZeroRetriever'}},
            'datasets[0].infer_cfg: needs a prompt_template or an ice_template',
        ),
        ('datasets[0].infer_cfg', None, 'datasets[0].infer_cfg.inferencer: needs a dict with a'),
        ('datasets[0].eval_cfg', {}, 'datasets[0].eval_cfg.evaluator: needs a dict with a `type`'),
        (
            'datasets[0].eval_cfg.evaluater',
            {},
            'datasets[0].eval_cfg.evaluater: unknown key; did you mean evaluator?',
        ),
        (
            'datasets[0].eval_cfg.pred_postprocessor',
            'nothing_known',
            'datasets[0].eval_cfg.pred_postprocessor: evalkit has no nothing_known',
        ),
        ('datasets[0].n', 0, 'datasets[0].n: 0 is less than 1'),
        ('work_dir', 3, 'work_dir: 3 is not a text'),
        ('summarizer', [1], 'summarizer: [1] is not a dict'),
        (
            'infer.partitoner',
            {},
            'infer.partitoner: unknown key; did you mean partitioner?',
        ),
        (
            'infer.partitioner',
            {'type': 'NumWorkerPartitioner', 'num_wrker': 2},
            'infer.partitioner.num_wrker: NumWorkerPartitioner has no such argument; '
            'did you mean num_worker?',
        ),
    ],
)
def test_one_line_names_the_place_and_the_nearest_key(place: str, value: Any, error: str) -> None:
    assert error_of(changed(place, value)).startswith(error)


def test_a_required_argument_that_is_missing_is_named() -> None:
    cfg = config()
    del cfg['datasets'][0]['path']
    assert error_of(cfg) == 'datasets[0].path: ToyDataset.load needs this key'


def test_a_misspelt_variable_of_the_file_is_found() -> None:
    cfg = config()
    cfg['modles'] = cfg.pop('models')
    assert error_of(cfg) == 'modles: unknown key; did you mean models?'
    assert error_of(config(workdir='x')) == 'workdir: unknown key; did you mean work_dir?'


def test_helper_variables_that_look_like_a_key_are_no_mistake() -> None:
    helpers = {'model': model(), 'dataset': dataset(), 'evals': [1], 'judge_model': model()}
    assert list(validate(config(**helpers), 'c.py')) == ['models', 'datasets']


def test_what_belongs_to_an_engine_is_not_looked_into() -> None:
    free = {'rope_scaling': {'type': 'dynamic', 'num_gpus': 'x'}, 'batch_size': 'y'}
    cfg = changed('models[0].type', 'HuggingFaceBaseModel')
    cfg['models'][0]['model_kwargs'] = free
    assert validate(cfg, 'c.py')['models'][0]['model_kwargs'] == free


def test_a_judge_inside_an_evaluator_is_checked_as_a_model() -> None:
    place = 'datasets[0].eval_cfg.evaluator'
    inner_dataset = dataset(type='CalcDataset')
    right = {'type': JudgeEvaluator, 'judge_cfg': model(), 'dataset_cfg': inner_dataset}
    [checked] = validate(changed(place, right), 'c.py')['datasets']
    inner = checked['eval_cfg']['evaluator']
    assert inner['judge_cfg']['type'] == 'evalkit.models.scripted.ScriptedModel'
    assert inner['dataset_cfg']['type'] == 'evalkit.datasets.calc.CalcDataset'
    wrong = {'type': JudgeEvaluator, 'judge_cfg': model(pth='x')}
    assert error_of(changed(place, wrong)) == (
        f'{place}.judge_cfg.pth: unknown key; did you mean path?'
    )


@pytest.mark.parametrize('task', ['OpenICLInferTask', 'OpenICLInferConcurrentTask'])
def test_the_tasks_that_opencompass_names_are_those_that_evalkit_runs(task: str) -> None:
    runner = {'type': 'LocalRunner', 'task': {'type': f'opencompass.tasks.{task}'}}
    checked = validate(config(infer={'runner': runner}), 'c.py')
    assert checked['infer'] == {'runner': {'type': 'evalkit.runners.local.LocalRunner'}}


def test_a_task_of_ones_own_is_refused() -> None:
    runner = {'type': 'LocalRunner', 'task': {'type': 'mine.Task'}}
    assert error_of(config(infer={'runner': runner})).startswith(
        'infer.runner.task: mine.Task is not known; leave it out, or write OpenICLInferTask or '
    )


@pytest.mark.parametrize(
    ('type_name', 'key', 'value', 'remedy'),
    [
        ('OpenAISDK', 'status_code_mappings', {400: 'no'}, 'an error of its sample and never an'),
        ('OpenAISDK', 'http_client_cfg', {}, 'write openai_proxy_url, verify, timeout or'),
        ('HuggingFaceBaseModel', 'drop_middle', True, "write mode='mid'"),
        ('VLLM', 'end_str', '\n', 'write stop_words=[...]'),
        ('TurboMindModel', 'tokenizer_only', True, 'a tokenizer answers nothing; leave it out'),
    ],
)
def test_a_key_that_only_opencompass_has_is_refused_with_what_to_write(
    type_name: str, key: str, value: Any, remedy: str
) -> None:
    wrong = {'type': type_name, 'path': 'a/b', key: value}
    assert f'models[0].{key}: ' in error_of(config(models=[wrong]))
    assert remedy in error_of(config(models=[wrong]))


def test_a_class_that_has_such_a_key_takes_it() -> None:
    model_cfg = {'type': 'TurboMindModel', 'path': 'a/b', 'drop_middle': True}
    assert validate(config(models=[model_cfg]), 'c.py')['models'][0]['drop_middle'] is True


def test_the_arguments_of_an_engine_are_a_dict() -> None:
    wrong = {'type': 'TurboMindModel', 'path': 'a/b', 'engine_config': 'tp=2'}
    assert error_of(config(models=[wrong])) == "models[0].engine_config: 'tp=2' is not a dict"


def test_datasets_that_only_opencompass_would_read_are_not_passed_over() -> None:
    left_out = [{'abbr': 'chats', 'path': 'chats.jsonl', 'evaluator': {'type': 'math_evaluator'}}]
    assert error_of(config(chatml_datasets=left_out)).startswith(
        'chatml_datasets: this is not read'
    )


def test_judge_models_are_checked_as_models() -> None:
    checked = validate(config(judge_models=[model()]), 'c.py')
    assert checked['judge_models'][0]['type'] == 'evalkit.models.scripted.ScriptedModel'
    assert error_of(config(judge_models=[{}])) == 'judge_models[0].type: is missing'


def test_combinations_name_models_and_datasets_or_hold_them() -> None:
    entry = {'models': [model()], 'datasets': ['d', dataset(abbr='e')]}
    checked = validate(
        {'model_dataset_combinations': [entry], 'datasets': [dataset(), dataset(abbr='e')]}, 'c.py'
    )
    assert [item['abbr'] for item in checked['models']] == ['m']
    [combination] = checked['model_dataset_combinations']
    assert combination['models'] == checked['models']
    assert combination['datasets'] == ['d', checked['datasets'][1]]


@pytest.mark.parametrize(
    ('entries', 'error'),
    [
        ({}, 'model_dataset_combinations: {} is not a list'),
        ([{'models': []}], 'model_dataset_combinations[0].datasets: needs a list'),
        (
            [{'models': [], 'dataset': []}],
            'model_dataset_combinations[0].dataset: unknown key; did you mean datasets?',
        ),
        (
            [{'models': [model(pth=1)], 'datasets': []}],
            'model_dataset_combinations[0].models[0].pth: unknown key; did you mean path?',
        ),
    ],
)
def test_wrong_combinations_are_named(entries: Any, error: str) -> None:
    assert error_of(config(model_dataset_combinations=entries)) == error


def test_two_models_of_one_column_may_not_be_asked_the_same() -> None:
    models = [model(summarizer_abbr='both'), model(abbr='m2', path='c', summarizer_abbr='both')]
    datasets = [dataset(), dataset(abbr='e')]
    apart = [
        {'models': ['m'], 'datasets': ['d']},
        {'models': [models[1]], 'datasets': [datasets[1], datasets[1]]},
    ]
    cfg = config(models=models, datasets=datasets, model_dataset_combinations=apart)
    assert validate(cfg, 'c.py')['models'][1]['summarizer_abbr'] == 'both'
    twice = [*apart, {'models': [models[1]], 'datasets': ['d']}]
    error = (
        "summarizer_abbr: m and m2 share the column 'both' of the table, and both are asked d: "
        'give each a summarizer_abbr of its own, or datasets of its own by '
        'model_dataset_combinations'
    )
    assert error_of({**cfg, 'model_dataset_combinations': twice}) == error
    assert error_of(config(models=models)) == error


def test_a_column_may_not_have_the_abbr_of_another_model_that_is_asked_the_same() -> None:
    models = [model(), model(abbr='m2', path='c', summarizer_abbr='m')]
    assert error_of(config(models=models)).startswith(
        "summarizer_abbr: m and m2 share the column 'm' of the table, and both are asked d: "
    )


def test_an_error_never_shows_a_secret() -> None:
    canary = 'sesame-canary-4711'
    for wrong in ({'key': {'a': canary}}, {'key': canary, 'path': 'x', 'batch_size': canary}):
        assert 'canary' not in error_of(config(models=[model(**wrong)]))


def test_the_command_line_has_a_name_too() -> None:
    with pytest.raises(ConfigError, match=r'^command line: models: the list is empty$'):
        validate(config(models=[]), None)


def test_the_first_config_is_right_and_checking_it_imports_no_engine() -> None:
    program = (
        'import sys\n'
        'from evalkit.config import load_config\n'
        'from evalkit.tasks.validate import validate\n'
        'datasets = load_config("configs/datasets/calc/calc_gen.py")["calc_datasets"]\n'
        'model = dict(type="HuggingFaceBaseModel", path="x")\n'
        'cfg = validate(dict(models=[model], datasets=datasets), "c.py")\n'
        'print(cfg["datasets"][0]["type"])\n'
        'print([m for m in ("torch", "transformers", "vllm", "openai") if m in sys.modules])\n'
    )
    done = subprocess.run(
        [sys.executable, '-c', program], capture_output=True, text=True, cwd=REPOSITORY
    )
    assert done.stderr == ''
    assert done.stdout.split('\n')[:2] == ['evalkit.datasets.calc.CalcDataset', '[]']


def test_every_shipped_config_that_can_be_run_is_right() -> None:
    runnable = [
        (path, cfg)
        for path in sorted((REPOSITORY / 'configs').glob('*.py'))
        if {'models', 'datasets'} <= (cfg := load_config(path)).keys()
    ]
    assert all(validate(cfg, path)['models'] for path, cfg in runnable)
