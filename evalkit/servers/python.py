"""Which Python runs a server."""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from evalkit.errors import ConfigError
from evalkit.runners.interpreters import HUGGING_FACE, Interpreter, check_variables, model_python

BACKENDS = {'transformers': HUGGING_FACE}
"""Engines whose variable has another name."""

HINTS = {
    'transformers': "pip install 'evalkit[serving]'",
    'llamafactory': 'pip install llamafactory in an environment of its own',
}


def find_python(engine: str, model_cfg: Mapping[str, Any]) -> Interpreter:
    """Return the Python that the model's `run_cfg.python`, or else a variable, names."""
    check_variables(os.environ)
    backend = BACKENDS.get(engine, engine)
    python = model_python(model_cfg, backend, os.environ)
    if python.is_this and find_spec(engine) is None:
        hint = HINTS.get(engine, f"pip install 'evalkit[{engine}]'")
        raise ConfigError(
            f'{engine} is not installed here: {hint}, or name the Python of its environment with '
            f'EVALKIT_PYTHON_{backend.upper()}'
        )
    return python
