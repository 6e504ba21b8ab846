"""One engine at a time, started once for all tests that share its arguments."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.engines.host import CPU, ROOT, HostedModel, hosted

REQUIRED = os.environ.get('EVALKIT_REQUIRE_ENGINES', '').split(',')


@dataclass(frozen=True)
class EngineCase:
    """How an engine is asked to run the tiny model."""

    name: str
    base: str
    chat: str
    arguments: dict[str, Any]
    dtype: str = 'float32'

    def __str__(self) -> str:
        return self.name


CASES = (
    EngineCase(
        'vllm',
        'VLLM',
        'VLLMwithChatTemplate',
        {'model_kwargs': {'enforce_eager': True, 'max_num_seqs': 16}},
    ),
    EngineCase(
        'sglang',
        'SGLang',
        'SGLangwithChatTemplate',
        {'model_kwargs': {'max_total_tokens': 8192, 'max_running_requests': 16}},
    ),
    EngineCase(
        'lmdeploy',
        'TurboMindModel',
        'TurboMindModelwithChatTemplate',
        {
            'backend': 'pytorch',
            'engine_config': {'dtype': 'bfloat16', 'num_gpu_blocks': 64, 'max_batch_size': 16},
        },
        dtype='bfloat16',
    ),
)


@pytest.fixture(scope='session', params=CASES, ids=str)
def case(request: pytest.FixtureRequest) -> EngineCase:
    """An engine; one that is not installed skips its tests, or fails them if it is required."""
    found: EngineCase = request.param
    if find_spec(found.name) is None:
        if found.name in REQUIRED:
            pytest.fail(f'EVALKIT_REQUIRE_ENGINES names {found.name}, which is not installed')
        pytest.skip(f'{found.name} is not installed')
    return found


@pytest.fixture(scope='session')
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny Llama 'model', its LoRA 'adapter', and both 'merged'."""
    folder = tmp_path_factory.mktemp('models')
    command = [sys.executable, '-m', 'tests.engines.programs', str(folder)]
    environment = {**os.environ, 'PYTHONPATH': f'{CPU}{os.pathsep}{ROOT}'}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture(scope='session')
def model(case: EngineCase, models: Path) -> Iterator[HostedModel]:
    """The tiny Llama on the engine."""
    with hosted(case.base, path=str(models / 'model'), **case.arguments) as model:
        yield model


@pytest.fixture(scope='session')
def reference(case: EngineCase, models: Path) -> Iterator[HostedModel]:
    """The tiny Llama on Hugging Face, in the dtype that the engine has."""
    dtype = {'dtype': case.dtype}
    path = str(models / 'model')
    with hosted('HuggingFaceBaseModel', path=path, model_kwargs=dtype) as model:
        yield model
