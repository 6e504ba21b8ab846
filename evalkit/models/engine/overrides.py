"""The argument of an engine that overrides the model's own config."""

import json
from collections.abc import Mapping
from typing import Any

from evalkit.errors import ConfigError

AS_TEXT = 'json_model_override_args'  # SGLang's; vLLM and LMDeploy take a dict
AS_DICT = 'hf_overrides'


def read_overrides(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an engine's arguments override; of a function, which vLLM takes too, nothing."""
    named = arguments.get(AS_DICT) or arguments.get(AS_TEXT) or {}
    if isinstance(named, str):
        try:
            named = json.loads(named)
        except ValueError as error:
            raise ConfigError(
                f'model_kwargs: {AS_TEXT} is no JSON ({error}): write it with json.dumps'
            ) from error
    return dict(named) if isinstance(named, Mapping) else {}


def with_overrides(arguments: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return an engine's arguments with other `overrides`, in the form that they have there."""
    if not overrides:
        return dict(arguments)
    if arguments.get(AS_TEXT):
        return {**arguments, AS_TEXT: json.dumps(overrides)}
    return {**arguments, AS_DICT: dict(overrides)}
