"""What is decided for SGLang before it starts, and of what it says of itself."""

import logging

import pytest

from evalkit.errors import ConfigError
from evalkit.models.engine.settings import EngineSettings
from evalkit.models.sglang.limits import SPARE, Limits
from evalkit.models.sglang.loading import runnable_dtype


def settings(own: str, **arguments: object) -> EngineSettings:
    return EngineSettings('some/model', arguments, own)


@pytest.mark.parametrize(
    ('limits', 'length'),
    [
        ((256 + SPARE, 256, 0, 8192, 1), 256),
        ((256 + SPARE, 256, 0, 258, 1), 256),
        ((256 + SPARE, 122, 0, 128, 1), 122),
        ((256 + SPARE, 122, 0, 128, 64), 0),
        ((256 + SPARE, 256, 0, 320, 64), 192),
        ((256 + SPARE, 256, 16, 8192, 1), 246),
    ],
)
def test_a_prompt_and_its_answer_get_what_none_of_the_limits_cuts(
    limits: tuple[int, int, int, int, int], length: int
) -> None:
    assert Limits(*limits).length == length


@pytest.mark.parametrize(
    ('named', 'is_cpu', 'dtype'),
    [
        ({}, True, 'float32'),
        ({'dtype': 'float32'}, True, 'float32'),
        ({'torch_dtype': 'bfloat16'}, False, 'bfloat16'),
        ({'dtype': 'float32', 'attention_backend': 'triton'}, False, 'float32'),
    ],
)
def test_float32_runs_on_a_cpu_or_where_the_config_says_how(
    named: dict[str, str], is_cpu: bool, dtype: str
) -> None:
    rest = {key: value for key, value in named.items() if 'dtype' not in key}
    assert runnable_dtype(settings('float32', **named), is_cpu=is_cpu) == (dtype, rest)


@pytest.mark.parametrize('named', [{}, {'dtype': 'auto'}, {'attention_backend': 'triton'}])
def test_a_float32_checkpoint_runs_in_half_precision_on_a_gpu_and_the_log_says_so(
    named: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        dtype, _ = runnable_dtype(settings('float32', **named), is_cpu=False)
    assert dtype == 'auto'
    assert caplog.messages == [
        'the weights are float32, and SGLang computes in half precision on a GPU: '
        'float16, or bfloat16 for Gemma'
    ]


def test_a_checkpoint_in_half_precision_keeps_its_dtype(caplog: pytest.LogCaptureFixture) -> None:
    assert runnable_dtype(settings('bfloat16'), is_cpu=False) == ('bfloat16', {})
    assert caplog.messages == []


def test_float32_on_a_gpu_is_refused_where_the_config_names_it() -> None:
    with pytest.raises(ConfigError) as caught:
        runnable_dtype(settings('bfloat16', dtype='fp32'), is_cpu=False)
    assert str(caught.value) == (
        "SGLang's kernels for GPUs do not compute in float32: name dtype='bfloat16' or 'float16', "
        'or use vLLM or Hugging Face'
    )
