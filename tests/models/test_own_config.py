"""What a model config overrides of the model's own config, on Hugging Face and for engines."""

from pathlib import Path
from typing import Any

import pytest
from transformers import Gemma3Config, Gemma3TextConfig, GPT2Config, LlamaConfig

from evalkit.errors import ConfigError
from evalkit.models import HuggingFaceBaseModel
from evalkit.models.own_config import completed, lengthened, override
from evalkit.types import GenerationParams, Request
from tests.tiny_model import NUM_POSITIONS, save_tiny_llama

THETA = {'rope_type': 'default', 'rope_theta': 500000.0}
DYNAMIC = {'rope_type': 'dynamic', 'rope_theta': 500000.0, 'factor': 4.0}


def llama(**rope: Any) -> LlamaConfig:
    return LlamaConfig(rope_parameters={**THETA, **rope}, max_position_embeddings=NUM_POSITIONS)


@pytest.mark.parametrize(
    ('overrides', 'expected'),
    [
        ({'rope_parameters': {'rope_type': 'dynamic', 'factor': 4.0}}, DYNAMIC),
        ({'rope_scaling': {'rope_type': 'dynamic', 'factor': 4.0}}, DYNAMIC),
        ({'rope_scaling': {'type': 'dynamic', 'factor': 4.0}}, {**DYNAMIC, 'type': 'dynamic'}),
        ({'rope_theta': 1e6}, {**THETA, 'rope_theta': 1e6}),
        ({'rope_theta': 1e6, 'rope_scaling': None}, {**THETA, 'rope_theta': 1e6}),
        (
            {'rope_parameters': {'rope_type': 'yarn', 'factor': 4.0}},
            {
                **DYNAMIC,
                'rope_type': 'yarn',
                'original_max_position_embeddings': NUM_POSITIONS,
            },
        ),
    ],
)
def test_rope_parameters_that_name_what_changes_keep_the_rest(
    overrides: dict[str, Any], expected: dict[str, Any]
) -> None:
    config = llama()
    whole = completed(config, {**overrides, 'sliding_window': 8})
    assert whole == {'sliding_window': 8, 'rope_parameters': expected}
    assert config.rope_parameters == THETA


def test_a_scaling_of_the_checkpoint_is_changed_in_part() -> None:
    config = llama(rope_type='dynamic', factor=2.0)
    assert completed(config, {'rope_scaling': {'factor': 4.0}}) == {'rope_parameters': DYNAMIC}


def test_a_part_of_a_config_is_completed_too() -> None:
    layer = {'rope_type': 'linear', 'factor': 8.0}
    own = Gemma3TextConfig().rope_parameters
    given = {'text_config': {'rope_parameters': {'full_attention': layer}, 'sliding_window': 8}}
    config = Gemma3Config()
    whole = completed(config, given)
    full = {**own['full_attention'], **layer}
    rope = {'full_attention': full, 'sliding_attention': own['sliding_attention']}
    assert whole == {'text_config': {'rope_parameters': rope, 'sliding_window': 8}}
    override(config, whole)
    assert config.get_text_config().rope_parameters == rope
    assert config.get_text_config().sliding_window == 8


def test_rope_parameters_of_several_kinds_of_layers_are_named_by_kind() -> None:
    with pytest.raises(ConfigError, match=r'^rope_parameters: factor is for one of .*full_attent'):
        completed(Gemma3TextConfig(), {'rope_scaling': {'factor': 8.0}})


def test_what_is_no_dict_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"^rope_scaling='dynamic' is no dict"):
        completed(llama(), {'rope_scaling': 'dynamic'})


def test_a_model_without_rope_is_left_alone() -> None:
    given = {'rope_scaling': {'type': 'dynamic', 'factor': 4.0}}
    assert completed(GPT2Config(), given) == given


def test_a_value_that_the_config_refuses_is_one_line() -> None:
    with pytest.raises(ConfigError) as caught:
        override(llama(), {'max_position_embeddings': 'long'})
    reason = "the model's own config refuses max_position_embeddings='long': "
    assert str(caught.value).startswith(reason)
    assert '\n' not in str(caught.value)


@pytest.mark.parametrize(
    ('kind', 'length', 'added'),
    [
        ('yarn', 1024, {'max_position_embeddings': 1024}),
        ('yarn', NUM_POSITIONS, {}),
        ('yarn', None, {}),
        ('dynamic', 1024, {}),
    ],
)
def test_an_engine_is_told_how_far_yarn_stretches_the_context(
    kind: str, length: int | None, added: dict[str, int]
) -> None:
    config = llama()
    overrides = completed(config, {'rope_parameters': {'rope_type': kind, 'factor': 4.0}})
    override(config, overrides)
    assert lengthened(config, overrides, length) == {**overrides, **added}


@pytest.mark.parametrize(
    'model_kwargs',
    [
        {'rope_scaling': {'type': 'dynamic', 'factor': 4.0}},
        {'rope_parameters': {'rope_type': 'dynamic', 'factor': 4.0}},
    ],
)
def test_hugging_face_keeps_the_rope_theta_of_the_checkpoint(
    tmp_path: Path, model_kwargs: dict[str, Any]
) -> None:
    folder = save_tiny_llama(tmp_path, rope_parameters=THETA)
    model = HuggingFaceBaseModel(str(folder), model_kwargs=model_kwargs, max_seq_len=4096)
    assert model.max_seq_len == 4 * NUM_POSITIONS
    assert {key: model.model.config.rope_parameters[key] for key in DYNAMIC} == DYNAMIC
    plain = HuggingFaceBaseModel(str(folder))
    request = Request('a', 'the quick', GenerationParams(max_out_len=16))
    # Within the length of the checkpoint dynamic scaling changes nothing.
    assert list(model.generate([request])) == list(plain.generate([request]))


def test_hugging_face_takes_another_rope_theta(tmp_path: Path) -> None:
    folder = save_tiny_llama(tmp_path, rope_parameters=THETA)
    model = HuggingFaceBaseModel(str(folder), model_kwargs={'rope_theta': 1e6})
    assert model.model.config.rope_parameters == {**THETA, 'rope_theta': 1e6}


def test_rope_that_is_not_scaled_stretches_no_context(tmp_path: Path) -> None:
    folder = save_tiny_llama(tmp_path, rope_parameters=DYNAMIC)
    unscaled = {'rope_parameters': {'rope_type': 'default'}}
    model = HuggingFaceBaseModel(str(folder), model_kwargs=unscaled, max_seq_len=4096)
    assert model.max_seq_len == NUM_POSITIONS
