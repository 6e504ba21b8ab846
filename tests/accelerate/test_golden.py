from copy import deepcopy
from typing import Any

import pytest

from evalkit.accelerate import accelerate
from evalkit.models import (
    HuggingFaceBaseModel,
    HuggingFaceCausalLM,
    HuggingFacewithChatTemplate,
)
from tests.accelerate.configs import CHAT, GOLDEN, PLAN, base

BACKENDS = ('vllm', 'sglang', 'lmdeploy', 'openai')
SERVED: dict[str, Any] = {'api_base': 'http://127.0.0.1:8000/v1', 'api_model': 'llama-with-lora'}
BASE_CLASSES = {
    'vllm': 'evalkit.models.VLLM',
    'sglang': 'evalkit.models.SGLang',
    'lmdeploy': 'evalkit.models.TurboMindModel',
    'openai': 'evalkit.models.OpenAICompletions',
}


@pytest.mark.parametrize('backend', BACKENDS)
def test_every_key_of_a_hugging_face_config_has_its_place(backend: str) -> None:
    assert accelerate(CHAT, backend, **SERVED) == GOLDEN[backend]


@pytest.mark.parametrize('backend', BACKENDS)
def test_the_input_stays_as_it_is_and_shares_nothing_with_the_output(backend: str) -> None:
    before = deepcopy(CHAT)
    converted = accelerate(before, backend, **SERVED)
    assert before == CHAT
    converted['run_cfg']['num_procs'] = 8
    converted['stop_words'].append('x')
    assert before == CHAT


@pytest.mark.parametrize('backend', BACKENDS)
@pytest.mark.parametrize(
    'spelling',
    [
        HuggingFaceBaseModel,
        HuggingFaceCausalLM,
        'evalkit.models.HuggingFaceBaseModel',
        'evalkit.models.huggingface.HuggingFaceBaseModel',
        'opencompass.models.HuggingFaceBaseModel',
        'opencompass.models.huggingface.HuggingFaceCausalLM',
        'opencompass.models.HuggingFace',
        'HuggingFaceBaseModel',
    ],
)
def test_a_base_model_stays_a_base_model_however_its_class_is_named(
    backend: str, spelling: Any
) -> None:
    assert accelerate(base(type=spelling), backend)['type'] == BASE_CLASSES[backend]


@pytest.mark.parametrize('backend', BACKENDS)
@pytest.mark.parametrize(
    'spelling',
    [
        HuggingFacewithChatTemplate,
        'evalkit.models.huggingface.HuggingFacewithChatTemplate',
        'opencompass.models.HuggingFacewithChatTemplate',
        'HuggingFacewithChatTemplate',
    ],
)
def test_a_chat_model_stays_a_chat_model_however_its_class_is_named(
    backend: str, spelling: Any
) -> None:
    assert accelerate(base(type=spelling), backend)['type'] == GOLDEN[backend]['type']


@pytest.mark.parametrize('backend', ['vllm', 'sglang'])
def test_a_small_config_gets_nothing_that_it_does_not_say(backend: str) -> None:
    assert accelerate(base(batch_size=8, run_cfg={'num_gpus': 1}), backend) == {
        'type': BASE_CLASSES[backend],
        'abbr': f'opt-{backend}',
        'path': 'facebook/opt-125m',
        'run_cfg': {'num_gpus': 1},
    }


@pytest.mark.parametrize(
    ('abbr', 'converted'),
    [
        ('llama-3-8b-instruct-hf', 'llama-3-8b-instruct-vllm'),
        ('llama-3-8b', 'llama-3-8b-vllm'),
        ('hf-model', 'hf-model-vllm'),
        ('opt_hf', 'opt_hf-vllm'),
    ],
)
def test_the_abbr_names_the_backend(abbr: str, converted: str) -> None:
    assert accelerate(base(abbr=abbr), 'vllm')['abbr'] == converted


@pytest.mark.parametrize('backend', BACKENDS)
def test_a_config_without_abbr_and_run_cfg_is_converted(backend: str) -> None:
    cfg = {'type': 'HuggingFaceBaseModel', 'path': '/models/opt/'}
    converted = accelerate(cfg, backend)
    assert converted['abbr'] == f'models_opt-{backend}'
    assert 'run_cfg' not in converted


@pytest.mark.parametrize('backend', BACKENDS)
def test_sampling_is_carried_over_as_it_is(backend: str) -> None:
    sampling = {'do_sample': False, 'temperature': 0.7, 'num_return_sequences': 2}
    converted = accelerate(base(generation_kwargs=sampling, min_out_len=2), backend)
    assert converted['generation_kwargs'] == sampling
    assert converted['min_out_len'] == 2
    assert 'gen_config' not in converted


@pytest.mark.parametrize('backend', BACKENDS)
def test_the_old_class_keeps_its_end_and_its_cache(backend: str) -> None:
    cfg = base(
        type=HuggingFaceCausalLM,
        end_str='<eoa>',
        stop_words=['Q:'],
        hf_cache_dir='/cache',
        batch_padding=True,
        extract_pred_after_decode=True,
        tokenizer_only=False,
        use_fastchat_template=False,
    )
    converted = accelerate(cfg, backend)
    assert converted['stop_words'] == ['Q:', '<eoa>']
    assert cfg['stop_words'] == ['Q:']
    assert converted.keys() & {'end_str', 'hf_cache_dir', 'batch_padding'} == set()
    engine = converted.get('model_kwargs') or converted.get('engine_config')
    assert engine == (None if backend == 'openai' else {'download_dir': '/cache'})


@pytest.mark.parametrize('backend', BACKENDS)
@pytest.mark.parametrize('kind', ['HuggingFaceBaseModel', 'HuggingFacewithChatTemplate'])
@pytest.mark.parametrize('key', ['stop_words', 'meta_template', 'min_out_len', 'generation_kwargs'])
def test_what_plans_the_work_is_kept_for_base_models_and_for_chat_models(
    backend: str, kind: str, key: str
) -> None:
    assert accelerate(base(type=kind, **{key: PLAN[key]}), backend)[key] == PLAN[key]
