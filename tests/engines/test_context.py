"""A context that the config stretches is read as Hugging Face reads it."""

import json
from pathlib import Path
from typing import Any

from tests.engines.conftest import EngineCase
from tests.engines.host import hosted
from tests.engines.test_generation import ask, without_cache
from tests.tiny_model import NUM_POSITIONS

YARN = {'rope_scaling': {'type': 'yarn', 'factor': 4.0}}  # leaves the checkpoint's rope_theta
OVERRIDES: dict[str, dict[str, Any]] = {
    'vllm': {'hf_overrides': YARN},
    'sglang': {'json_model_override_args': json.dumps(YARN)},
    'lmdeploy': {'hf_overrides': YARN},
}
LENGTH = 4 * NUM_POSITIONS


def test_a_stretched_context_is_read_as_on_hugging_face(case: EngineCase, models: Path) -> None:
    path = str(models / 'model')
    num_tokens = 24 if case.dtype == 'float32' else 4
    long = 'the quick brown fox jumps over the lazy dog because 6 x 7 = 42 ' * 40
    requests = [ask('long', long, num_tokens), ask('short', 'the answer is', num_tokens)]
    key = 'engine_config' if case.name == 'lmdeploy' else 'model_kwargs'
    arguments = {**case.arguments, key: {**case.arguments[key], **OVERRIDES[case.name]}}
    with hosted(case.base, path=path, max_seq_len=LENGTH, **arguments) as model:
        found = without_cache(model.generate(requests))
        assert model.engine['max_seq_len'] == LENGTH
    same = {'dtype': case.dtype, **YARN}
    base = 'HuggingFaceBaseModel'
    with hosted(base, path=path, max_seq_len=LENGTH, model_kwargs=same) as reference:
        expected = without_cache(reference.generate(requests))
    num_prompt_tokens = expected['long'][2]
    assert isinstance(num_prompt_tokens, int)
    assert num_prompt_tokens > NUM_POSITIONS
    assert found == expected
