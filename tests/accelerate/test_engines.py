"""What is particular to an engine."""

import json
from typing import Any

import pytest

from evalkit.accelerate import accelerate
from evalkit.errors import ConfigError
from tests.accelerate.configs import base

ENGINES = {'vllm': 'model_kwargs', 'sglang': 'model_kwargs', 'lmdeploy': 'engine_config'}
NF4 = {
    'load_in_4bit': True,
    'bnb_4bit_quant_type': 'nf4',
    'bnb_4bit_use_double_quant': True,
    'bnb_4bit_compute_dtype': 'bfloat16',
}


def engine_arguments(backend: str, **model_kwargs: Any) -> dict[str, Any]:
    converted = accelerate(base(model_kwargs=model_kwargs), backend)
    arguments: dict[str, Any] = converted.get(ENGINES[backend], {})
    return arguments


@pytest.mark.parametrize('backend', ENGINES)
@pytest.mark.parametrize('key', ['torch_dtype', 'dtype'])
@pytest.mark.parametrize('spelling', ['torch.bfloat16', 'bfloat16', 'bf16'])
def test_any_spelling_of_a_dtype_is_the_engines(backend: str, key: str, spelling: str) -> None:
    assert engine_arguments(backend, **{key: spelling}) == {'dtype': 'bfloat16'}


@pytest.mark.parametrize('backend', ENGINES)
def test_a_dtype_that_is_not_named_is_left_to_the_class(backend: str) -> None:
    assert engine_arguments(backend, device_map='auto') == {}


@pytest.mark.parametrize('backend', ENGINES)
@pytest.mark.parametrize('key', ['torch_dtype', 'dtype'])
def test_an_unknown_dtype_is_told_with_its_model_and_its_key(backend: str, key: str) -> None:
    message = f"^opt-hf: model_kwargs: {key} 'bflot16' is unknown; did you mean bfloat16"
    with pytest.raises(ConfigError, match=message):
        engine_arguments(backend, **{key: 'bflot16'})


@pytest.mark.parametrize(
    ('backend', 'dtype'), [('vllm', 'float64'), ('sglang', 'float64'), ('lmdeploy', 'float32')]
)
def test_a_dtype_that_an_engine_lacks_is_refused(backend: str, dtype: str) -> None:
    with pytest.raises(ConfigError, match=f'^opt-hf: model_kwargs.dtype: .* has no {dtype}; use'):
        engine_arguments(backend, torch_dtype=dtype)


@pytest.mark.parametrize(
    ('backend', 'name'), [('vllm', 'tensor_parallel_size'), ('sglang', 'tp_size')]
)
def test_the_number_of_gpus_is_the_tensor_parallel_size(backend: str, name: str) -> None:
    converted = accelerate(base(run_cfg={'num_gpus': 4}), backend)
    assert converted['model_kwargs'] == {name: 4}
    assert converted['run_cfg'] == {'num_gpus': 4}


@pytest.mark.parametrize(
    ('num_gpus', 'peft_path', 'backend'),
    [
        (1, None, 'turbomind'),
        (4, None, 'turbomind'),
        (1, 'lora', 'pytorch'),
        (0, None, 'pytorch'),
        (None, None, 'pytorch'),
    ],
)
def test_lmdeploy_takes_its_pytorch_engine_for_adapters_and_on_a_cpu(
    num_gpus: int | None, peft_path: str | None, backend: str
) -> None:
    converted = accelerate(base(run_cfg={'num_gpus': num_gpus}, peft_path=peft_path), 'lmdeploy')
    assert converted['backend'] == backend
    assert converted.get('lora_path') == peft_path


def test_lmdeploy_takes_the_tensor_parallel_size_and_no_batch_size() -> None:
    converted = accelerate(
        base(run_cfg={'num_gpus': 2}, batch_size=8, max_seq_len=2048), 'lmdeploy'
    )
    assert converted == {
        'type': 'evalkit.models.TurboMindModel',
        'abbr': 'opt-lmdeploy',
        'path': 'facebook/opt-125m',
        'backend': 'turbomind',
        'engine_config': {'tp': 2},
        'max_seq_len': 2048,
        'run_cfg': {'num_gpus': 2},
    }


def test_changes_of_the_models_own_config_reach_each_engine() -> None:
    rope = {'rope_type': 'dynamic', 'factor': 2.0}
    assert engine_arguments('vllm', rope_scaling=rope) == {'hf_overrides': {'rope_scaling': rope}}
    assert engine_arguments('lmdeploy', rope_scaling=rope) == {
        'hf_overrides': {'rope_scaling': rope}
    }
    [(name, text)] = engine_arguments('sglang', rope_scaling=rope).items()
    assert (name, json.loads(text)) == ('json_model_override_args', {'rope_scaling': rope})


@pytest.mark.parametrize(('backend', 'key'), ENGINES.items())
def test_arguments_of_the_engine_itself_come_before_those_of_the_config(
    backend: str, key: str
) -> None:
    cfg = base(model_kwargs={'torch_dtype': 'bfloat16', 'revision': 'v2'})
    own = {'dtype': 'float16', 'max_num_seqs': 64}
    converted = accelerate(cfg, backend, engine_args=own)
    assert converted[key] == {'dtype': 'float16', 'revision': 'v2', 'max_num_seqs': 64}
    assert own == {'dtype': 'float16', 'max_num_seqs': 64}


@pytest.mark.parametrize(('backend', 'key'), ENGINES.items())
def test_a_config_without_arguments_gets_those_of_the_engine_itself(backend: str, key: str) -> None:
    assert accelerate(base(), backend, engine_args={'seed': 1})[key] == {'seed': 1}
    assert key not in accelerate(base(), backend, engine_args={})


@pytest.mark.parametrize('backend', ENGINES)
def test_an_unknown_argument_is_told_with_the_flag_for_those_of_the_engine(backend: str) -> None:
    with pytest.raises(ConfigError, match=r'^opt-hf: model_kwargs\.max_num_seqs: .*--engine-args'):
        engine_arguments(backend, max_num_seqs=64)


def test_a_token_of_the_hub_goes_to_the_engine_that_takes_one() -> None:
    assert engine_arguments('vllm', token='secret') == {'hf_token': 'secret'}
    for backend in ('sglang', 'lmdeploy'):
        with pytest.raises(ConfigError, match=r'^opt-hf: model_kwargs\.token: .*: set HF_TOKEN'):
            engine_arguments(backend, token='secret')


@pytest.mark.parametrize('backend', ENGINES)
@pytest.mark.parametrize('method', ['gptq', 'awq'])
def test_a_quantised_checkpoint_says_itself_how_it_is_quantised(backend: str, method: str) -> None:
    config = {'quant_method': method, 'bits': 4, 'use_exllama': False}
    assert engine_arguments(backend, quantization_config=config) == {}


@pytest.mark.parametrize('backend', ENGINES)
@pytest.mark.parametrize(
    'config',
    [
        {'quant_method': 'gptq', 'bits': 4, 'dataset': 'c4'},
        {'quant_method': 'hqq', 'nbits': 4},
        {'quant_method': 'fp8'},
    ],
)
def test_quantising_with_what_engines_lack_is_refused(backend: str, config: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r'opt-hf: model_kwargs\.quantization_config: .* -a$'):
        engine_arguments(backend, quantization_config=config)


@pytest.mark.parametrize('where', ['flat', 'nested'])
def test_sglang_quantises_on_loading_in_the_one_way_that_it_knows(where: str) -> None:
    kwargs = NF4 if where == 'flat' else {'quantization_config': NF4}
    assert engine_arguments('sglang', **kwargs) == {
        'quantization': 'bitsandbytes',
        'load_format': 'bitsandbytes',
    }


@pytest.mark.parametrize(
    ('backend', 'kwargs', 'key'),
    [
        ('vllm', NF4, 'load_in_4bit'),
        ('lmdeploy', NF4, 'load_in_4bit'),
        ('sglang', {'load_in_4bit': True}, 'load_in_4bit'),
        ('sglang', {**NF4, 'bnb_4bit_quant_type': 'fp4'}, 'load_in_4bit'),
        ('sglang', {'load_in_8bit': True}, 'load_in_8bit'),
        ('sglang', {**NF4, 'llm_int8_skip_modules': ['lm_head']}, 'load_in_4bit'),
        ('vllm', {'quantization_config': NF4}, r'quantization_config\.load_in_4bit'),
    ],
)
def test_bitsandbytes_that_would_give_other_weights_is_refused(
    backend: str, kwargs: dict[str, Any], key: str
) -> None:
    with pytest.raises(ConfigError, match=rf'^opt-hf: model_kwargs\.{key}: '):
        engine_arguments(backend, **kwargs)


@pytest.mark.parametrize('backend', ENGINES)
def test_quantisation_that_is_switched_off_says_nothing(backend: str) -> None:
    assert engine_arguments(backend, load_in_4bit=False, load_in_8bit=False) == {}
    assert engine_arguments(backend, quantization_config=None) == {}


@pytest.mark.parametrize('name', ['frequency_penalty', 'presence_penalty'])
def test_sglang_counts_every_token_where_there_is_a_penalty(name: str) -> None:
    converted = accelerate(base(generation_kwargs={name: 0.5}), 'sglang')
    assert converted['model_kwargs'] == {'disable_overlap_schedule': True}
    assert converted['generation_kwargs'] == {name: 0.5}


@pytest.mark.parametrize('backend', ENGINES)
def test_penalties_that_change_nothing_are_none(backend: str) -> None:
    neutral = {'repetition_penalty': 1.0, 'frequency_penalty': 0.0, 'presence_penalty': None}
    converted = accelerate(base(generation_kwargs=neutral), backend)
    assert converted.keys() & {'model_kwargs', 'engine_config'} == set()


@pytest.mark.parametrize(
    ('backend', 'keys'),
    [
        ('sglang', {'run_cfg': {'num_gpus': 1}}),
        ('lmdeploy', {}),
        ('lmdeploy', {'run_cfg': {'num_gpus': 1}, 'peft_path': 'lora'}),
    ],
)
def test_a_repetition_penalty_of_the_answer_only_is_refused_before_anything_is_loaded(
    backend: str, keys: dict[str, Any]
) -> None:
    cfg = base(generation_kwargs={'repetition_penalty': 1.1}, **keys)
    message = r'^opt-hf: generation_kwargs\.repetition_penalty: .* answer only, .*; use -a vllm; '
    with pytest.raises(ConfigError, match=message):
        accelerate(cfg, backend)


@pytest.mark.parametrize(('backend', 'num_gpus'), [('vllm', 0), ('vllm', 1), ('lmdeploy', 1)])
def test_a_repetition_penalty_that_counts_the_prompt_is_kept(backend: str, num_gpus: int) -> None:
    sampling = {'repetition_penalty': 1.1}
    cfg = base(generation_kwargs=sampling, run_cfg={'num_gpus': num_gpus})
    assert accelerate(cfg, backend)['generation_kwargs'] == sampling


@pytest.mark.parametrize('name', ['frequency_penalty', 'presence_penalty'])
@pytest.mark.parametrize('num_gpus', [0, 1])
def test_penalties_that_lmdeploy_lacks_are_refused(name: str, num_gpus: int) -> None:
    cfg = base(generation_kwargs={name: 0.5}, run_cfg={'num_gpus': num_gpus})
    with pytest.raises(
        ConfigError, match=rf'^opt-hf: generation_kwargs\.{name}: LMDeploy has none'
    ):
        accelerate(cfg, 'lmdeploy')
