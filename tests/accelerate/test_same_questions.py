"""A converted config is accepted by its class, and asks with the same sampling parameters."""

from typing import Any

import pytest

from evalkit.accelerate import TARGETS, accelerate
from evalkit.config import resolve_type
from evalkit.errors import ConfigError
from evalkit.inferencers.params import generation_params
from evalkit.tasks.parts import check_model
from evalkit.types import GenerationParams
from tests.accelerate.configs import CHAT, base

CHAT_CLASS = 'HuggingFacewithChatTemplate'


@pytest.mark.parametrize('backend', TARGETS)
@pytest.mark.parametrize('cfg', [CHAT, base(), base(type=CHAT_CLASS)])
def test_the_class_of_the_backend_takes_the_converted_config(
    backend: str, cfg: dict[str, Any]
) -> None:
    converted = accelerate(cfg, backend, api_model='served')
    checked = check_model(converted, 'models[0]')
    assert resolve_type(checked.pop('type')) is resolve_type(converted.pop('type'))
    assert checked.keys() == converted.keys()


@pytest.mark.parametrize('backend', TARGETS)
def test_a_chat_class_takes_chats_and_a_base_class_texts(backend: str) -> None:
    for kind, is_chat in (('HuggingFaceBaseModel', False), (CHAT_CLASS, True)):
        converted = accelerate(base(type=kind), backend)
        assert resolve_type(converted['type']).is_chat is is_chat


@pytest.mark.parametrize('backend', TARGETS)
@pytest.mark.parametrize(
    ('kwargs', 'params'),
    [
        ({}, {}),
        ({'do_sample': False, 'temperature': 0.7}, {}),
        ({'do_sample': True}, {'temperature': 1.0}),
        ({'temperature': 0.6, 'top_k': -1}, {'temperature': 0.6, 'top_k': 0}),
        ({'num_beams': 1, 'num_return_sequences': 1}, {}),
        ({'eos_token_id': 2}, {'stop_token_ids': (2,)}),
    ],
)
def test_every_backend_samples_as_hugging_face_does(
    backend: str, kwargs: dict[str, Any], params: dict[str, Any]
) -> None:
    cfg = base(generation_kwargs=kwargs, max_out_len=64, min_out_len=2, stop_words=['Q:'])
    wanted = GenerationParams(max_out_len=64, min_out_len=2, stop=('Q:',), **params)
    assert generation_params(cfg, {}) == wanted
    assert generation_params(accelerate(cfg, backend), {}) == wanted


@pytest.mark.parametrize('backend', TARGETS)
@pytest.mark.parametrize('key', ['num_beams', 'num_return_sequences'])
def test_what_no_engine_does_is_refused_by_name(backend: str, key: str) -> None:
    converted = accelerate(base(generation_kwargs={key: 4}), backend)
    with pytest.raises(ConfigError, match=rf'generation_kwargs\.{key}'):
        generation_params(converted, {})
