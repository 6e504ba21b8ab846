"""Which Python does a task: an engine may have an environment of its own."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.accelerate import TARGETS, backend_of, is_hugging_face
from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.tasks.base import Task

PREFIX = 'EVALKIT_PYTHON_'
"""Begins the environment variables that name a Python for all models of a backend."""

HUGGING_FACE = 'hf'
SERVED_ONLY = ('llamafactory',)
SCORING_ONLY = ('bigcodebench',)
VARIABLES = {
    backend: f'{PREFIX}{backend.upper()}'
    for backend in (HUGGING_FACE, *TARGETS, *SERVED_ONLY, *SCORING_ONLY)
}


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python, and the key or variable that names it; none does where it is the one that runs."""

    path: str = sys.executable
    named_by: str = ''

    @property
    def is_this(self) -> bool:
        """Whether it is the Python that runs now."""
        return self.path == sys.executable


def interpreter_of(task: Task, environ: Mapping[str, str]) -> Interpreter:
    """Return the Python that does a task; a `ConfigError` if there is no such file.

    `run_cfg.python` of the model comes first, then the variable of its backend. Scoring needs no
    engine and stays here.
    """
    if task.kind == 'evaluate':
        return Interpreter()
    backend = None
    # Otherwise the class of the model decides nothing.
    if any(environ.get(variable) for variable in VARIABLES.values()):
        backend = HUGGING_FACE if is_hugging_face(task.model) else backend_of(task.model)
    return model_python(task.model, backend, environ)


def model_python(
    model_cfg: Mapping[str, Any], backend: str | None, environ: Mapping[str, str]
) -> Interpreter:
    """Return the Python for one model on a backend."""
    wanted = (model_cfg.get('run_cfg') or {}).get('python')
    if wanted:
        return find(wanted, f'run_cfg.python of {model_cfg.get("abbr") or model_cfg["path"]}')
    return backend_interpreter(backend, environ)


def backend_interpreter(backend: str | None, environ: Mapping[str, str]) -> Interpreter:
    """Return the Python for the models of a backend."""
    variable = VARIABLES.get(backend or '', '')
    wanted = environ.get(variable)
    return find(wanted, variable) if wanted else Interpreter()


def find(wanted: str, named_by: str) -> Interpreter:
    """Return the Python of a path, or of a name that PATH knows."""
    found = shutil.which(Path(wanted).expanduser())
    if found is None:
        raise ConfigError(
            f'{named_by} is {wanted}, but no program is there: name the python of an environment, '
            'as in .venv-vllm/bin/python'
        )
    # Links stay as they are: it is by its place that Python finds its environment.
    return Interpreter(os.path.abspath(found), named_by)  # noqa: PTH100


def check_variables(environ: Mapping[str, str]) -> None:
    """Refuse a variable of a backend that does not exist, which would be without effect."""
    known = list(VARIABLES.values())
    for name in environ:
        if name.startswith(PREFIX) and name not in known:
            otherwise = f'; known are {", ".join(known)}'
            raise ConfigError(
                f'{name}: there is no such backend{did_you_mean(name, known, otherwise=otherwise)}'
            )
