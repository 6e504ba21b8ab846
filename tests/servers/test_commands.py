"""From a Hugging Face config to a server's command line: nothing is lost, and no secret told."""

import json
from pathlib import Path
from typing import Any

import pytest

from evalkit.cli.arguments.backend import SERVERS
from evalkit.errors import ConfigError
from evalkit.servers import ENGINES, Place, ServerCommand, server_command

CPU = Place('127.0.0.1', 8000, has_gpus=False)
GPU = Place('0.0.0.0', 8000, has_gpus=True)


def chat(**keys: Any) -> dict[str, Any]:
    return {
        'type': 'evalkit.models.HuggingFacewithChatTemplate',
        'abbr': 'm-hf',
        'path': 'org/m',
        **keys,
    }


def flags(command: ServerCommand) -> dict[str, str | bool]:
    """Return the flags of a command with their values; a bare one is True."""
    found: dict[str, str | bool] = {}
    words = list(command.arguments)
    for number, word in enumerate(words):
        if word.startswith('--'):
            following = words[number + 1] if number + 1 < len(words) else '--'
            found[word] = True if following.startswith('--') else following
    return found


@pytest.fixture
def adapter(tmp_path: Path) -> str:
    (tmp_path / 'adapter_config.json').write_text(json.dumps({'peft_type': 'LORA', 'r': 12}))
    return str(tmp_path)


def test_the_command_line_offers_all_engines() -> None:
    assert tuple(ENGINES) == SERVERS


BIG = {
    'max_seq_len': 4096,
    'run_cfg': {'num_gpus': 4},
    'model_kwargs': {'torch_dtype': 'bfloat16', 'trust_remote_code': True, 'revision': 'v2'},
}


@pytest.mark.parametrize(
    ('engine', 'expected'),
    [
        (
            'vllm',
            {
                '--model': 'org/m',
                '--served-model-name': 'org/m',
                '--max-model-len': '4096',
                '--tensor-parallel-size': '4',
                '--dtype': 'bfloat16',
                '--trust-remote-code': True,
                '--revision': 'v2',
                '--generation-config': 'vllm',
            },
        ),
        (
            'sglang',
            {
                '--model-path': 'org/m',
                '--context-length': '4096',
                '--tp-size': '4',
                '--dtype': 'bfloat16',
                '--trust-remote-code': True,
                '--revision': 'v2',
                '--sampling-defaults': 'openai',
            },
        ),
        (
            'lmdeploy',
            {
                '--model-name': 'org/m',
                '--session-len': '4096',
                '--tp': '4',
                '--dtype': 'bfloat16',
                '--trust-remote-code': True,
                '--revision': 'v2',
                '--backend': 'turbomind',
            },
        ),
        (
            'llamafactory',
            {
                '--model_name_or_path': 'org/m',
                '--infer_dtype': 'bfloat16',
                '--trust_remote_code': True,
                '--model_revision': 'v2',
                '--top_k': '0',
            },
        ),
    ],
)
def test_what_a_config_says_is_said_to_the_server(
    engine: str, expected: dict[str, str | bool]
) -> None:
    found = flags(server_command(chat(**BIG), engine, GPU))
    assert {name: found.get(name) for name in expected} == expected


def test_transformers_takes_a_dtype_and_a_device() -> None:
    command = server_command(chat(), 'transformers', CPU)
    assert command.arguments[3] == 'org/m'
    found = flags(command)
    assert (found['--device'], found['--dtype'], found['--port']) == ('cpu', 'float32', '8000')


@pytest.mark.parametrize('engine', ['vllm', 'sglang', 'transformers'])
def test_a_dtype_that_is_not_named_is_float32_on_a_cpu_alone(engine: str) -> None:
    assert flags(server_command(chat(), engine, CPU))['--dtype'] == 'float32'
    assert flags(server_command(chat(), engine, GPU))['--dtype'] == 'auto'


@pytest.mark.parametrize(
    ('engine', 'flag', 'model'),
    [
        ('vllm', '--lora-modules', 'adapter'),
        ('sglang', '--lora-paths', 'org/m:adapter'),
        ('lmdeploy', '--adapters', 'adapter'),
    ],
)
def test_an_adapter_is_asked_for_by_the_name_that_answers_with_it(
    engine: str, flag: str, model: str, adapter: str
) -> None:
    command = server_command(chat(peft_path=adapter), engine, GPU)
    assert flags(command)[flag] == f'adapter={adapter}'
    assert command.model == model


def test_an_adapter_has_room_for_its_rank(adapter: str) -> None:
    assert flags(server_command(chat(peft_path=adapter), 'vllm', GPU))['--max-lora-rank'] == '16'
    assert flags(server_command(chat(peft_path=adapter), 'sglang', GPU))['--max-lora-rank'] == '12'
    command = server_command(chat(peft_path=adapter), 'lmdeploy', GPU)
    assert flags(command)['--backend'] == 'pytorch'


def test_llama_factory_loads_an_adapter_itself(adapter: str) -> None:
    found = flags(server_command(chat(peft_path=adapter), 'llamafactory', CPU))
    assert (found['--adapter_name_or_path'], found['--finetuning_type']) == (adapter, 'lora')


@pytest.mark.parametrize('engine', SERVERS)
def test_a_token_is_in_the_environment_and_not_in_the_command(engine: str) -> None:
    if engine in ('sglang', 'lmdeploy'):  # they refuse it by name, as their engines do
        with pytest.raises(ConfigError, match=r'model_kwargs\.token'):
            server_command(chat(model_kwargs={'token': 'hf_canary'}), engine, CPU)
        return
    command = server_command(chat(model_kwargs={'token': 'hf_canary'}), engine, CPU)
    assert 'hf_canary' not in str(command.arguments)
    assert command.environment['HF_TOKEN'] == 'hf_canary'


@pytest.mark.parametrize(
    ('engine', 'keys', 'named'),
    [
        ('vllm', {'tokenizer_kwargs': {'add_bos_token': False}}, 'tokenizer_kwargs.add_bos_token'),
        ('vllm', {'model_kwargs': {'load_in_4bit': True}}, 'model_kwargs.load_in_4bit'),
        ('lmdeploy', {'tokenizer_path': 'other'}, 'tokenizer_path'),
        ('lmdeploy', {'model_kwargs': {'dtype': 'float32'}}, 'model_kwargs.dtype'),
        ('transformers', {'peft_path': 'x'}, 'peft_path'),
        ('transformers', {'model_kwargs': {'revision': 'v2'}}, 'model_kwargs.revision'),
        ('transformers', {'tokenizer_path': 'other'}, 'tokenizer_path'),
        ('llamafactory', {'chat_template_kwargs': {'a': 1}}, 'chat_template_kwargs'),
        ('llamafactory', {'model_kwargs': {'rope_theta': 1e6}}, 'model_kwargs.rope_theta'),
        ('llamafactory', {'type': 'evalkit.models.HuggingFaceBaseModel'}, 'type'),
    ],
)
def test_what_a_server_cannot_be_told_is_refused_by_name(
    engine: str, keys: dict[str, Any], named: str
) -> None:
    with pytest.raises(ConfigError, match=rf'^m-hf: {named}: '):
        server_command(chat(**keys), engine, CPU)


def test_only_hugging_face_models_are_served() -> None:
    with pytest.raises(ConfigError, match='api is no Hugging Face model'):
        server_command(
            {'type': 'evalkit.models.OpenAISDK', 'abbr': 'api', 'path': 'm'}, 'vllm', CPU
        )


def test_flags_of_the_server_come_last_and_win() -> None:
    command = server_command(chat(), 'vllm', CPU, ['--dtype', 'bfloat16'])
    assert command.arguments[-2:] == ('--dtype', 'bfloat16')


def test_a_client_on_this_machine_asks_the_loopback() -> None:
    assert GPU.base == 'http://127.0.0.1:8000/v1'
