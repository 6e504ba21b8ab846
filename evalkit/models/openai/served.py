"""Whether the model that answers is the one that was asked for."""

from collections.abc import Mapping, Sequence
from typing import Any


def is_sglang(answer: Mapping[str, Any]) -> bool:
    """Tell whether an answer is SGLang's, which alone says the version of its weights."""
    metadata = answer.get('metadata')
    return isinstance(metadata, Mapping) and 'weight_version' in metadata


def base_answers(model: str, models: Sequence[Any]) -> str | None:
    """Return why SGLang answers with another model than `model`; None if it does not.

    It lists an adapter under its bare name, and yet answers to that name with the base model; the
    adapter itself is 'base:adapter'.
    """
    for entry in models:
        if isinstance(entry, Mapping) and entry.get('id') == model and entry.get('parent'):
            right = f'{entry["parent"]}:{model}'
            return f"SGLang answers to '{model}' with the base model: ask for '{right}'"
    return None
