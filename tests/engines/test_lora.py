"""An adapter answers as the model that it is merged into; and the engine's end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.conftest import EngineCase
from tests.engines.host import HostedModel, HostError, hosted
from tests.engines.test_generation import PROMPTS, ask, without_cache


@pytest.fixture(scope='module')
def tuned(case: EngineCase, models: Path) -> Iterator[HostedModel]:
    """The tiny Llama with its adapter, as a chat model."""
    paths = {'path': str(models / 'model'), 'lora_path': str(models / 'adapter')}
    arguments = dict(case.arguments)
    if case.name == 'sglang':  # without which it refuses penalties
        arguments['model_kwargs'] = {
            **case.arguments['model_kwargs'],
            'disable_overlap_schedule': True,
        }
    with hosted(case.chat, **paths, **arguments) as model:
        yield model


@pytest.fixture(scope='module')
def merged(case: EngineCase, models: Path) -> Iterator[HostedModel]:
    """The merged model on Hugging Face."""
    arguments = {'path': str(models / 'merged'), 'model_kwargs': {'dtype': case.dtype}}
    with hosted('HuggingFacewithChatTemplate', **arguments) as model:
        yield model


def test_an_adapter_answers_as_the_merged_model(
    case: EngineCase, tuned: HostedModel, merged: HostedModel
) -> None:
    num_tokens = 24 if case.dtype == 'float32' else 4
    requests = [ask(prompt, prompt, num_tokens) for prompt in PROMPTS[:3]]
    assert without_cache(tuned.generate(requests)) == without_cache(merged.generate(requests))


def test_penalties_count_every_token(
    case: EngineCase, tuned: HostedModel, merged: HostedModel
) -> None:
    if case.name == 'lmdeploy':
        return  # it has neither, and says so: test_generation.py
    requests = [
        ask(f'{name} {prompt}', prompt, 24, **{name: 1.5})
        for name in ('frequency_penalty', 'presence_penalty')
        for prompt in PROMPTS[:3]
    ]
    assert without_cache(tuned.generate(requests)) == without_cache(merged.generate(requests))


def test_a_chat_prompt_has_the_tokens_that_hugging_face_gives_it(
    tuned: HostedModel, merged: HostedModel
) -> None:
    from evalkit.types import GenerationParams, Request

    messages = [
        {'role': 'system', 'content': 'the answer'},
        {'role': 'user', 'content': 'what is 1 and 2?'},
    ]
    request = Request('chat', messages, GenerationParams(max_out_len=4))
    found, expected = (model.generate([request])['chat'] for model in (tuned, merged))
    assert found.usage.prompt_tokens == expected.usage.prompt_tokens
    assert found.text == expected.text


def test_a_dead_engine_process_is_one_error(case: EngineCase, tuned: HostedModel) -> None:
    if not tuned.ask('kill_children'):
        assert case.name == 'lmdeploy'  # it runs in the process itself
        return
    with pytest.raises(HostError, match=r'BackendError: the engine process of .* died: '):
        tuned.generate([ask('a', 'the', 100)])
