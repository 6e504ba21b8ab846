"""What an engine is told of LoRA adapters, and which it must not be given."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.models.engine.adapter import ALONE, adapter_rank, named_adapters
from tests.hub_cache import save_to_cache

ENGINES = ('vllm', 'sglang', 'lmdeploy')


def save_adapter(folder: Path, **config: object) -> str:
    content = {'peft_type': 'LORA', 'r': 8, 'bias': 'none', 'init_lora_weights': True, **config}
    folder.mkdir(exist_ok=True)
    (folder / 'adapter_config.json').write_text(json.dumps(content))
    return str(folder)


def test_the_rank_of_an_adapter_is_its_largest(tmp_path: Path) -> None:
    assert adapter_rank(save_adapter(tmp_path)) == 8
    assert adapter_rank(save_adapter(tmp_path, rank_pattern={'q_proj': 32, 'v_proj': 4})) == 32


@pytest.mark.parametrize('engine', ENGINES)
@pytest.mark.parametrize(
    ('config', 'named'),
    [
        ({'modules_to_save': ['lm_head']}, 'has modules_to_save,'),
        ({'use_dora': True}, 'has use_dora,'),
        ({'bias': 'all'}, 'has bias,'),
        ({'lora_bias': True}, 'has lora_bias,'),
        ({'alora_invocation_tokens': [1, 2]}, 'has alora_invocation_tokens,'),
        ({'init_lora_weights': 'pissa_niter_16'}, "has init_lora_weights='pissa_niter_16',"),
        ({'init_lora_weights': 'olora'}, "has init_lora_weights='olora',"),
        ({'init_lora_weights': 'corda'}, "has init_lora_weights='corda',"),
        ({'init_lora_weights': 'loftq'}, "has init_lora_weights='loftq',"),
        ({'peft_type': 'IA3'}, 'is a IA3 adapter,'),
    ],
)
def test_what_engines_would_leave_out_of_an_adapter_is_refused(
    tmp_path: Path, engine: str, config: dict[str, object], named: str
) -> None:
    with pytest.raises(ConfigError, match=named) as caught:
        named_adapters(save_adapter(tmp_path, **config), None, engine, {})
    assert str(caught.value).endswith('use the Hugging Face backend, or merge it')


@pytest.mark.parametrize('engine', ENGINES)
@pytest.mark.parametrize('init', [True, False, 'gaussian', 'eva', 'orthogonal'])
def test_a_beginning_that_leaves_the_model_as_it_is_is_plain_lora(
    tmp_path: Path, engine: str, init: bool | str
) -> None:
    path = save_adapter(tmp_path, init_lora_weights=init)
    assert named_adapters(path, None, engine, {}).rank == 8


OWN_SCALING: list[dict[str, Any]] = [
    {'use_rslora': True},
    {'alpha_pattern': {'q_proj': 32}},
    {'rank_pattern': {'q_proj': 4}},
]


@pytest.mark.parametrize(('engine', 'name'), [('sglang', 'SGLang'), ('lmdeploy', 'LMDeploy')])
@pytest.mark.parametrize('config', OWN_SCALING)
def test_modules_that_an_engine_scales_wrongly_are_refused(
    tmp_path: Path, engine: str, name: str, config: dict[str, Any]
) -> None:
    path = save_adapter(tmp_path, **config)
    [key] = config
    with pytest.raises(ConfigError) as caught:
        named_adapters(None, {'plain': save_adapter(tmp_path / 'a'), 'own': path}, engine, {})
    assert str(caught.value) == (
        f'the adapter {path} has {key}, and {name} scales all its modules by lora_alpha / r: '
        'use vLLM or the Hugging Face backend, or merge it'
    )


@pytest.mark.parametrize('config', OWN_SCALING)
def test_vllm_scales_each_module_by_itself(tmp_path: Path, config: dict[str, Any]) -> None:
    assert named_adapters(save_adapter(tmp_path, **config), None, 'vllm', {}).rank == 8


def test_a_folder_without_an_adapter_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        adapter_rank(str(tmp_path))
    assert str(caught.value) == f'no adapter at {tmp_path}: there is no adapter_config.json'


def test_a_torn_config_of_an_adapter_is_one_line(tmp_path: Path) -> None:
    (tmp_path / 'adapter_config.json').write_text('{"r": 8')
    with pytest.raises(ConfigError, match=f'^no adapter at {tmp_path}: adapter_config.json is no'):
        adapter_rank(str(tmp_path))


def test_the_home_folder_is_written_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('HOME', str(tmp_path))
    poet = save_adapter(tmp_path / 'poet')
    assert named_adapters('~/poet', None, 'vllm', {}).paths == {ALONE: poet}
    several = named_adapters(None, {'poet': '~/poet', 'other': poet}, 'vllm', {})
    assert several.paths == {'poet': poet, 'other': poet}


def test_an_adapter_of_the_hub_is_had_from_there(tmp_path: Path) -> None:
    content = {'peft_type': 'LORA', 'r': 16}
    folder = save_to_cache(tmp_path, 'org/lora', {'adapter_config.json': json.dumps(content)})
    # The revision is of the model, and says nothing of the adapter.
    options = {'cache_dir': str(tmp_path), 'local_files_only': True, 'revision': 'v2'}
    adapters = named_adapters('org/lora', None, 'vllm', options)
    assert (adapters.paths, adapters.rank) == ({ALONE: str(folder)}, 16)


def test_an_adapter_that_the_hub_does_not_give_is_one_line() -> None:
    program = (
        'from evalkit.errors import ConfigError\n'
        'from evalkit.models.engine.adapter import named_adapters\n'
        'try: named_adapters("no-such-team/no-such-lora", None, "vllm", {})\n'
        'except ConfigError as error: print(error)'
    )
    done = subprocess.run(
        [sys.executable, '-c', program],
        capture_output=True,
        text=True,
        env={**os.environ, 'HF_HUB_OFFLINE': '1'},
    )
    assert done.stdout == (
        'no adapter no-such-team/no-such-lora: there is no such folder, and it cannot be had from '
        'the hub under this id; without a network give the path of a local folder\n'
    )
