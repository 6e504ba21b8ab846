"""What is left out by name, and what is an error by name."""

from typing import Any

import pytest

from evalkit.accelerate import DROPPED, accelerate, dropped_keys
from evalkit.errors import ConfigError
from evalkit.models import HuggingFacewithChatTemplate
from tests.accelerate.configs import CHAT, base

ENGINES = ('vllm', 'sglang', 'lmdeploy')
BACKENDS = (*ENGINES, 'openai')


class OwnChatModel(HuggingFacewithChatTemplate):
    """A class that somebody wrote."""


def nested(name: str, value: Any) -> dict[str, Any]:
    """Return the config that has the key of a full name."""
    key, _, inner = name.partition('.')
    return {key: {inner: value} if inner else value}


@pytest.mark.parametrize('backend', ENGINES)
@pytest.mark.parametrize('name', sorted(n for n in DROPPED if n.startswith('model_kwargs.')))
def test_what_only_hugging_face_has_is_left_out(backend: str, name: str) -> None:
    converted = accelerate(base(**nested(name, 'auto')), backend)
    assert converted.keys() & {'model_kwargs', 'engine_config'} == set()


def test_the_names_and_reasons_of_what_is_left_out_can_be_shown() -> None:
    assert dropped_keys(CHAT) == {
        'pad_token_id': 'engines do not pad',
        'batch_size': 'engines take all requests at once',
        'max_batch_tokens': 'engines take all requests at once',
        'model_kwargs.device_map': 'engines place the weights themselves',
        'model_kwargs.attn_implementation': 'engines have attention of their own',
        'model_kwargs.low_cpu_mem_usage': 'engines load the weights in their own way',
        'model_kwargs.max_memory': 'engines place the weights themselves',
        'tokenizer_kwargs.padding_side': 'engines do not pad',
        'tokenizer_kwargs.truncation_side': 'prompts are cut by `mode` alone',
        'peft_kwargs.is_trainable': 'nothing is trained',
    }


@pytest.mark.parametrize('backend', BACKENDS)
@pytest.mark.parametrize(
    ('name', 'message'),
    [
        ('batch_sise', r'^opt-hf: batch_sise: unknown key; did you mean batch_size\?$'),
        ('fastchat_template', '^opt-hf: fastchat_template: unknown key'),
        ('model_kwargs.variant', r'^opt-hf: model_kwargs\.variant: '),
        ('model_kwargs.gguf_file', r'^opt-hf: model_kwargs\.gguf_file: '),
        ('peft_kwargs.subfolder', r'^opt-hf: peft_kwargs\.subfolder: '),
    ],
)
def test_a_key_that_has_no_counterpart_is_an_error_by_name(
    backend: str, name: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        accelerate(base(**nested(name, 'x')), backend)


@pytest.mark.parametrize('backend', BACKENDS)
@pytest.mark.parametrize('flag', ['tokenizer_only', 'use_fastchat_template'])
def test_what_the_old_class_refuses_is_refused(backend: str, flag: str) -> None:
    cfg = base(type='HuggingFaceCausalLM', **{flag: True})
    with pytest.raises(ConfigError, match=f'^opt-hf: {flag}=True is not supported$'):
        accelerate(cfg, backend)


@pytest.mark.parametrize(
    ('keys', 'name'),
    [
        ({'peft_path': 'lora'}, 'peft_path'),
        ({'model_kwargs': {'revision': 'v2'}}, 'model_kwargs.revision'),
        ({'model_kwargs': {'load_in_4bit': True}}, 'model_kwargs.load_in_4bit'),
        ({'model_kwargs': {'rope_theta': 1.0}}, 'model_kwargs.rope_theta'),
        ({'tokenizer_path': 'other'}, 'tokenizer_path'),
        ({'tokenizer_kwargs': {'add_bos_token': False}}, 'tokenizer_kwargs.add_bos_token'),
    ],
)
def test_what_only_a_server_can_load_needs_the_name_of_the_served_model(
    keys: dict[str, Any], name: str
) -> None:
    with pytest.raises(ConfigError, match=f'^opt-hf: {name}: .* name it with --api-model'):
        accelerate(base(**keys), 'openai')
    assert accelerate(base(**keys), 'openai', api_model='served')['path'] == 'served'


def test_a_server_is_asked_for_the_models_path_unless_told_otherwise() -> None:
    cfg = base(
        model_kwargs={'torch_dtype': 'float32', 'device_map': 'auto', 'trust_remote_code': True},
        tokenizer_path='facebook/opt-125m',
        run_cfg={'num_gpus': 1},
    )
    assert accelerate(cfg, 'openai', api_base='http://127.0.0.1:8000/v1') == {
        'type': 'evalkit.models.OpenAICompletions',
        'abbr': 'opt-openai',
        'path': 'facebook/opt-125m',
        'openai_api_base': 'http://127.0.0.1:8000/v1',
    }


def test_a_backend_that_does_not_exist_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r"^there is no backend 'vlm'; did you mean vllm\?$"):
        accelerate(base(), 'vlm')


def test_a_config_without_a_path_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r'^x: path: HuggingFaceBaseModel needs this key$'):
        accelerate({'type': 'HuggingFaceBaseModel', 'abbr': 'x'}, 'vllm')


@pytest.mark.parametrize('backend', BACKENDS)
def test_a_class_of_ones_own_on_hugging_face_is_refused(backend: str) -> None:
    with pytest.raises(ConfigError, match=r'^opt-hf: OwnChatModel is a class of your own'):
        accelerate(base(type=OwnChatModel), backend)


@pytest.mark.parametrize('backend', BACKENDS)
def test_the_scripted_model_stays_as_it_is(backend: str) -> None:
    cfg = {'type': 'evalkit.models.ScriptedModel', 'abbr': 'scripted', 'answers': {'a': 'b'}}
    assert accelerate(cfg, backend) == cfg


@pytest.mark.parametrize('backend', BACKENDS)
@pytest.mark.parametrize('spelling', ['evalkit.models.OpenAISDK', 'opencompass.models.OpenAISDK'])
def test_a_model_of_a_service_stays_as_it_is(backend: str, spelling: str) -> None:
    cfg = {'type': spelling, 'abbr': 'gpt', 'path': 'gpt-4o', 'key': 'ENV', 'batch_size': 8}
    assert accelerate(cfg, backend) == cfg


@pytest.mark.parametrize(
    ('backend', 'name'),
    [('vllm', 'VLLM'), ('sglang', 'SGLangwithChatTemplate'), ('lmdeploy', 'TurboMindModel')],
)
def test_a_config_of_the_backend_itself_stays_as_it_is(backend: str, name: str) -> None:
    cfg = {'type': f'opencompass.models.{name}', 'path': 'x', 'batch_size': 16}
    assert accelerate(cfg, backend) == cfg


@pytest.mark.parametrize('backend', ['sglang', 'lmdeploy', 'openai'])
def test_a_config_of_another_engine_is_refused(backend: str) -> None:
    cfg = {'type': 'evalkit.models.VLLMwithChatTemplate', 'abbr': 'llama-vllm', 'path': 'x'}
    with pytest.raises(ConfigError, match=r'^llama-vllm: VLLMwithChatTemplate is for vllm, and'):
        accelerate(cfg, backend)
