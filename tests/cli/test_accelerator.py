from copy import deepcopy
from typing import Any

import pytest

from evalkit.cli.accelerator import Accelerator
from evalkit.errors import ConfigError

HF = 'evalkit.models.HuggingFacewithChatTemplate'
VLLM = 'evalkit.models.VLLMwithChatTemplate'
SCRIPTED = {'type': 'evalkit.models.ScriptedModel', 'abbr': 'scripted', 'stop_words': ['a']}


def chat(name: str, kind: str = HF, **keys: Any) -> dict[str, Any]:
    return {'type': kind, 'abbr': name, 'path': f'org/{name.rpartition("-")[0]}', **keys}


def judged(judge: Any) -> dict[str, Any]:
    """Return a dataset that a model judges, deep in its evaluator."""
    evaluator = {
        'type': 'evalkit.evaluators.AccEvaluator',
        'stages': [{'judge_cfg': judge}],
        'prompt_template': {'type': 'evalkit.prompts.PromptTemplate', 'template': {'type': 'x'}},
    }
    return {'abbr': 'words', 'eval_cfg': {'evaluator': evaluator, 'num_gpus': 1}}


def convert(cfg: dict[str, Any], **options: Any) -> dict[str, Any]:
    before = deepcopy(cfg)
    converted = Accelerator(options.pop('backend', 'vllm'), **options).convert(cfg)
    assert cfg == before
    return converted


def test_models_and_judges_are_converted_wherever_they_stand() -> None:
    cfg = {
        'models': [chat('a-hf'), chat('b-hf')],
        'judge_models': [chat('judge-hf')],
        'datasets': [judged(chat('judge-hf'))],
        'work_dir': 'outputs/x',
    }
    assert convert(cfg) == {
        'models': [chat('a-vllm', VLLM), chat('b-vllm', VLLM)],
        'judge_models': [chat('judge-vllm', VLLM)],
        'datasets': [judged(chat('judge-vllm', VLLM))],
        'work_dir': 'outputs/x',
    }


def test_combinations_are_converted_with_their_models_by_name_or_by_config() -> None:
    cfg = {
        'models': [chat('a-hf'), chat('b-hf')],
        'datasets': [judged(chat('judge-hf'))],
        'model_dataset_combinations': [
            {'models': ['a-hf'], 'datasets': ['words']},
            {'models': [chat('b-hf')], 'datasets': [judged(chat('judge-hf'))]},
        ],
    }
    assert convert(cfg)['model_dataset_combinations'] == [
        {'models': ['a-vllm'], 'datasets': ['words']},
        {'models': [chat('b-vllm', VLLM)], 'datasets': [judged(chat('judge-vllm', VLLM))]},
    ]


def test_what_is_not_for_hugging_face_stays_and_is_told() -> None:
    accelerator = Accelerator('vllm')
    cfg = {'models': [SCRIPTED, chat('a-hf')], 'datasets': [{'abbr': 'words'}]}
    converted = accelerator.convert(cfg)
    assert converted['models'] == [SCRIPTED, chat('a-vllm', VLLM)]
    assert accelerator.left == [SCRIPTED]
    assert accelerator.pairs == [(chat('a-hf'), chat('a-vllm', VLLM))]


@pytest.mark.parametrize('run_cfg', [None, {}, {'num_gpus': 0}])
def test_a_model_without_gpus_gets_one_where_there_are_some(run_cfg: Any) -> None:
    cfg = {'models': [chat('a-hf', run_cfg=run_cfg)], 'datasets': [{'abbr': 'words'}]}
    [model] = convert(cfg, has_gpus=True)['models']
    assert model['run_cfg'] == {'num_gpus': 1}
    [model] = convert(cfg, has_gpus=False)['models']
    assert model['run_cfg'] == run_cfg
    [model] = convert(cfg, has_gpus=True, backend='openai')['models']
    assert 'run_cfg' not in model


def test_a_model_keeps_the_gpus_that_it_asks_for() -> None:
    cfg = {'models': [chat('a-hf', run_cfg={'num_gpus': 4})], 'datasets': [{'abbr': 'words'}]}
    [model] = convert(cfg, has_gpus=True)['models']
    assert model['run_cfg'] == {'num_gpus': 4}
    assert model['model_kwargs'] == {'tensor_parallel_size': 4}


def test_an_address_and_a_name_complete_a_model_of_a_server() -> None:
    cfg = {'models': [chat('a-hf')], 'datasets': [{'abbr': 'words'}]}
    base = 'http://127.0.0.1:8000/v1'
    [model] = convert(cfg, backend='openai', api_base=base, api_model='served')['models']
    assert model == {
        'type': 'evalkit.models.OpenAISDK',
        'abbr': 'a-openai',
        'path': 'served',
        'openai_api_base': base,
    }


def test_one_served_name_is_not_given_to_a_model_and_to_its_judge() -> None:
    cfg = {'models': [chat('a-hf')], 'datasets': [judged(chat('judge-hf'))]}
    message = '^--api-model names one model, but the config has 2: a-hf, judge-hf; choose one'
    with pytest.raises(ConfigError, match=message):
        convert(cfg, backend='openai', api_model='served')
