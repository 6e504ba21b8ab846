"""What an engine refuses to start with, and what it leaves behind."""

import re
from pathlib import Path

import pytest

from tests.engines.conftest import EngineCase
from tests.engines.host import HostedModel, HostError, hosted


def refusal(case: EngineCase, **arguments: object) -> str:
    """The error with which the engine does not start."""
    with pytest.raises(HostError) as caught, hosted(case.base, **arguments):
        pass
    return str(caught.value)


def test_an_unknown_argument_is_refused_by_name(case: EngineCase, models: Path) -> None:
    key = 'engine_config' if case.name == 'lmdeploy' else 'model_kwargs'
    misspelt, meant = {
        'vllm': ('gpu_memory_utilisation', 'gpu_memory_utilization'),
        'sglang': ('mem_fraction_statik', 'mem_fraction_static'),
        'lmdeploy': ('cache_max_entry_cont', 'cache_max_entry_count'),
    }[case.name]
    text = refusal(case, path=str(models / 'model'), **{key: {misspelt: 0.5}})
    assert text.startswith(f'ConfigError: {key}: ')
    assert text.endswith(f'has no argument {misspelt}; did you mean {meant}?')


def test_a_memory_too_small_is_one_line_with_what_to_lower(case: EngineCase, models: Path) -> None:
    if case.name != 'lmdeploy':
        # Their texts are in tests/models/engine/test_startup.py.
        pytest.skip(
            'on a CPU vLLM makes room, and SGLang measures what all processes of the machine '
            'leave: neither runs out of memory at will'
        )
    key = 'engine_config'
    arguments = {'dtype': 'bfloat16', 'cache_max_entry_count': 1e-5}
    rest = {name: value for name, value in case.arguments.items() if name != key}
    text = refusal(case, path=str(models / 'model'), **{key: arguments}, **rest)
    start = r'BackendError: \w+ ran out of memory at its start: lower max_seq_len, or '
    assert re.match(start, text), text
    assert '\n' not in text


def test_a_model_that_does_not_exist_is_one_line(case: EngineCase) -> None:
    text = refusal(case, path='/nowhere/model')
    assert text.endswith('Error: no tokenizer at /nowhere/model: the folder does not exist')


def test_close_leaves_no_process(model: HostedModel) -> None:
    assert model.ask('close') == []
