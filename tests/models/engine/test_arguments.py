import pytest

from evalkit.errors import ConfigError
from evalkit.models.engine.arguments import check_names, explicit_dtype, take_context


def test_an_unknown_argument_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError) as caught:
        check_names('model_kwargs', 'vLLM', ['max_num_seq'], ['max_num_seqs', 'seed'], {})
    assert str(caught.value) == (
        'model_kwargs: vLLM has no argument max_num_seq; did you mean max_num_seqs?'
    )


def test_an_argument_with_a_key_of_its_own_is_refused() -> None:
    with pytest.raises(ConfigError) as caught:
        check_names('model_kwargs', 'vLLM', ['model'], ['model'], {'model': 'path'})
    assert str(caught.value) == 'model_kwargs: model is set by the key path of the model'


@pytest.mark.parametrize(
    ('kwargs', 'is_cpu', 'dtype'),
    [
        ({}, True, 'float32'),
        ({}, False, 'bfloat16'),
        ({'torch_dtype': 'torch.bfloat16'}, True, 'bfloat16'),
        ({'dtype': 'fp16'}, False, 'float16'),
        ({'dtype': 'auto'}, True, 'bfloat16'),
        ({'dtype': 'auto'}, False, 'bfloat16'),
    ],
)
def test_an_engine_is_told_its_dtype_by_name(
    kwargs: dict[str, str], is_cpu: bool, dtype: str
) -> None:
    told = explicit_dtype({**kwargs, 'seed': 1}, 'bfloat16', is_cpu=is_cpu)
    assert told == (dtype, {'seed': 1})


@pytest.mark.parametrize(
    ('kwargs', 'max_seq_len', 'expected'),
    [
        ({}, None, None),
        ({}, 2048, 2048),
        ({'session_len': 4096}, None, 4096),
        ({'session_len': 4096}, 2048, 2048),
        ({'session_len': 1024}, 2048, 1024),
    ],
)
def test_the_context_length_may_have_the_name_that_the_engine_gives_it(
    kwargs: dict[str, int], max_seq_len: int | None, expected: int | None
) -> None:
    assert take_context({**kwargs, 'tp': 2}, 'session_len', max_seq_len) == (expected, {'tp': 2})
