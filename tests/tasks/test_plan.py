"""What the class of a model is built with."""

from typing import Any

import pytest

from evalkit.tasks.plan import identity_of, model_arguments

HF = 'evalkit.models.HuggingFacewithChatTemplate'


def config(kind: str = HF, num_gpus: int | None = 2, **keys: Any) -> dict[str, Any]:
    return {'type': kind, 'abbr': 'm', 'path': 'org/m', 'run_cfg': {'num_gpus': num_gpus}, **keys}


@pytest.mark.parametrize(
    'kind', [HF, 'evalkit.models.HuggingFaceBaseModel', 'opencompass.models.HuggingFaceCausalLM']
)
@pytest.mark.parametrize('kwargs', [None, {'dtype': 'bfloat16'}, {'device_map': None}])
def test_transformers_spreads_a_model_over_the_gpus_that_it_asks_for(
    kind: str, kwargs: dict[str, Any] | None
) -> None:
    arguments = model_arguments(config(kind, model_kwargs=kwargs))
    assert arguments['model_kwargs'] == {**(kwargs or {}), 'device_map': 'auto'}


@pytest.mark.parametrize('device_map', ['cuda:1', 0, {'': 1}, 'sequential'])
def test_a_device_map_of_the_config_stays(device_map: Any) -> None:
    cfg = config(model_kwargs={'device_map': device_map})
    assert model_arguments(cfg)['model_kwargs'] == {'device_map': device_map}


@pytest.mark.parametrize('num_gpus', [None, 0, 1])
def test_one_gpu_needs_no_device_map(num_gpus: int | None) -> None:
    assert 'model_kwargs' not in model_arguments(config(num_gpus=num_gpus))


def test_engines_place_their_weights_themselves() -> None:
    assert 'model_kwargs' not in model_arguments(config('evalkit.models.VLLM'))


def test_where_the_weights_are_changes_no_answer() -> None:
    assert identity_of(config()) == identity_of(config(model_kwargs={'device_map': 'auto'}))
