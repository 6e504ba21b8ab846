"""An engine gets the context that the overridden config has."""

import json
from pathlib import Path
from typing import Any

import pytest

from evalkit.accelerate import accelerate
from evalkit.errors import ConfigError
from evalkit.models.engine.adapter import Adapters
from evalkit.models.engine.frontend import Frontend, FrontendSettings
from evalkit.models.engine.overrides import read_overrides, with_overrides
from tests.tiny_model import NUM_POSITIONS

THETA = {'rope_theta': 10000.0, 'rope_type': 'default'}  # the tiny Llama's
DYNAMIC = {'rope_type': 'dynamic', 'factor': 4.0}
LONG = 4 * NUM_POSITIONS


def started(folder: Path, arguments: dict[str, Any], max_seq_len: int = 4096) -> dict[str, Any]:
    """Return the arguments with which an engine is started, and the context length."""
    settings = FrontendSettings(str(folder), model_kwargs=arguments, max_seq_len=max_seq_len)
    engine = Frontend(settings, is_chat=False).engine_settings(arguments, Adapters(), None)
    return {**engine.arguments, 'max_seq_len': engine.max_seq_len}


@pytest.mark.parametrize(
    ('key', 'wrap'),
    [('hf_overrides', lambda given: given), ('json_model_override_args', json.dumps)],
)
def test_the_context_is_that_of_the_overridden_config(
    tiny_llama: Path, key: str, wrap: Any
) -> None:
    found = started(tiny_llama, {key: wrap({'rope_scaling': DYNAMIC}), 'seed': 1})
    rope = {'rope_parameters': {**THETA, **DYNAMIC}}
    assert found == {key: wrap(rope), 'seed': 1, 'max_seq_len': LONG}
    longer = {'max_position_embeddings': 1000}
    assert started(tiny_llama, {key: wrap(longer)}) == {key: wrap(longer), 'max_seq_len': 1000}


@pytest.mark.parametrize('backend', ['vllm', 'sglang', 'lmdeploy'])
def test_a_scaling_in_a_hugging_face_config_reaches_every_engine(
    tiny_llama: Path, backend: str
) -> None:
    cfg = {
        'type': 'evalkit.models.HuggingFaceBaseModel',
        'path': str(tiny_llama),
        'max_seq_len': 4096,
        'model_kwargs': {'rope_scaling': {'type': 'dynamic', 'factor': 4.0}},
    }
    converted = accelerate(cfg, backend)
    arguments = converted.get('model_kwargs') or converted['engine_config']
    found = started(tiny_llama, arguments, converted['max_seq_len'])
    assert found['max_seq_len'] == LONG
    assert read_overrides(found) == {'rope_parameters': {**THETA, **DYNAMIC, 'type': 'dynamic'}}


def test_yarn_is_told_to_an_engine_with_the_length_that_it_reaches(tiny_llama: Path) -> None:
    yarn = {'rope_type': 'yarn', 'factor': 4.0}
    found = started(tiny_llama, {'hf_overrides': {'rope_parameters': yarn}})
    rope = {**THETA, **yarn, 'original_max_position_embeddings': NUM_POSITIONS}
    assert found == {
        'hf_overrides': {'rope_parameters': rope, 'max_position_embeddings': LONG},
        'max_seq_len': LONG,
    }


def test_a_function_that_overrides_is_left_alone(tiny_llama: Path) -> None:
    def change(config: Any) -> Any:
        raise AssertionError('it is for vLLM')

    found = started(tiny_llama, {'hf_overrides': change})
    assert found == {'hf_overrides': change, 'max_seq_len': NUM_POSITIONS}


def test_no_overrides_are_none() -> None:
    assert read_overrides({'json_model_override_args': '{}', 'seed': 1}) == {}
    assert with_overrides({'seed': 1}, {}) == {'seed': 1}


def test_a_text_that_is_no_json_is_one_line() -> None:
    with pytest.raises(ConfigError) as caught:
        read_overrides({'json_model_override_args': "{'rope_theta': 1}"})
    assert str(caught.value) == (
        'model_kwargs: json_model_override_args is no JSON (Expecting property name enclosed in '
        'double quotes: line 1 column 2 (char 1)): write it with json.dumps'
    )
