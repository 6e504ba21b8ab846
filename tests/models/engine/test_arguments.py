import json
from pathlib import Path

import pytest

from evalkit.errors import BackendError, ConfigError
from evalkit.models.engine.adapter import adapter_rank
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


def save_adapter(folder: Path, **config: object) -> str:
    content = {'peft_type': 'LORA', 'r': 8, 'bias': 'none', **config}
    (folder / 'adapter_config.json').write_text(json.dumps(content))
    return str(folder)


def test_the_rank_of_an_adapter_is_its_largest(tmp_path: Path) -> None:
    assert adapter_rank(save_adapter(tmp_path)) == 8
    assert adapter_rank(save_adapter(tmp_path, rank_pattern={'q_proj': 32, 'v_proj': 4})) == 32


@pytest.mark.parametrize(
    ('config', 'named'),
    [
        ({'modules_to_save': ['lm_head']}, 'modules_to_save'),
        ({'use_dora': True}, 'use_dora'),
        ({'bias': 'all'}, 'bias'),
        ({'peft_type': 'IA3'}, 'a IA3 adapter'),
    ],
)
def test_what_engines_would_leave_out_of_an_adapter_is_refused(
    tmp_path: Path, config: dict[str, object], named: str
) -> None:
    with pytest.raises(BackendError, match=named):
        adapter_rank(save_adapter(tmp_path, **config))


def test_a_folder_without_an_adapter_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BackendError) as caught:
        adapter_rank(str(tmp_path))
    assert str(caught.value) == f'no adapter at {tmp_path}: there is no adapter_config.json'
