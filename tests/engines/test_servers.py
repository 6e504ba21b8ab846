"""The engines' own servers, started by evalkit: the accuracy and the adapters of Hugging Face."""

import json
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.models import OpenAISDK
from evalkit.servers import Server, free_place, server_command
from evalkit.types import GenerationParams, Request
from tests.engines.conftest import EngineCase
from tests.engines.host import ON_CPU, ROOT, HostedModel, hosted
from tests.engines.test_run import LIMIT, TOLERANCE, accuracy

FLAGS = {
    'vllm': '--enforce-eager --max-num-seqs 16',
    'sglang': '--max-running-requests 16 --max-total-tokens 8192',
    'lmdeploy': '--dtype bfloat16 --num-gpu-blocks 64 --max-batch-size 16',
}
CALC = ROOT / 'models' / 'calc-llama-0.8m'
ADAPTER = ROOT / 'models' / 'calc-llama-0.8m-bare'
PROMPTS = [row['input'] for row in json.loads((ROOT / 'data/calculate.json').read_text())[:3]]


@pytest.fixture(scope='module')
def reference(tmp_path_factory: pytest.TempPathFactory) -> float:
    return accuracy(tmp_path_factory.mktemp('hf'))


def test_a_server_gets_the_accuracy_of_hugging_face(
    case: EngineCase, reference: float, tmp_path: Path
) -> None:
    flags = f'--server-args={FLAGS[case.name]}'
    found = accuracy(tmp_path, '-a', 'openai', '--serve', case.name, flags)
    assert reference >= 90
    assert abs(found - reference) <= TOLERANCE[case.dtype], LIMIT


def test_transformers_serve_gets_it_too(reference: float, tmp_path: Path) -> None:
    if find_spec('uvicorn') is None:
        pytest.skip("transformers serve needs pip install 'evalkit[serving]'")
    found = accuracy(tmp_path, '-a', 'openai', '--serve', 'transformers')
    assert found == reference


@pytest.fixture(scope='module')
def served(case: EngineCase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the calc model with the adapter that leaves out the code fence."""
    chat = 'evalkit.models.HuggingFacewithChatTemplate'
    cfg = {'type': chat, 'abbr': 'calc', 'path': str(CALC), 'peft_path': str(ADAPTER)}
    os.environ.update(ON_CPU)
    place = free_place()
    command = server_command(cfg, case.name, place, FLAGS[case.name].split())
    log = tmp_path_factory.mktemp('served') / 'log'
    with Server(command, place, sys.executable, log) as server:
        server.wait_until_ready(240)
        yield server


def answers(model: OpenAISDK | HostedModel) -> list[str]:
    """Return greedy answers."""
    params = GenerationParams(max_out_len=200)
    requests = [Request(text, [{'role': 'user', 'content': text}], params) for text in PROMPTS]
    found: Any = model.generate(requests)
    texts = found if isinstance(found, dict) else {answer.key: answer for answer in found}
    return [texts[text].text for text in PROMPTS]


def test_an_adapter_is_served_under_its_name(case: EngineCase, served: Server) -> None:
    client = OpenAISDK(served.command.model, key='k', openai_api_base=served.place.base)
    arguments = {'path': str(CALC), 'peft_path': str(ADAPTER)}
    with hosted('HuggingFacewithChatTemplate', **arguments) as here:
        expected = answers(here)
    assert all(text.startswith('{') for text in expected)  # the base model begins with a fence
    assert answers(client) == expected


def test_sglang_s_base_model_under_the_name_of_an_adapter_is_found_out(
    case: EngineCase, served: Server
) -> None:
    client = OpenAISDK('adapter', key='k', openai_api_base=served.place.base)
    if case.name != 'sglang':
        assert len(answers(client)) == len(PROMPTS)
        return
    with pytest.raises(ConfigError, match=r"SGLang answers to 'adapter' with"):
        answers(client)
