"""What a model config overrides of the model's own `config.json`, alike on all backends."""

from collections.abc import Mapping
from copy import copy, deepcopy
from typing import Any

from evalkit.errors import ConfigError

ROPE_NAMES = ('rope_scaling', 'rope_parameters')  # the older one first
ROPE_KEYS = frozenset({*ROPE_NAMES, 'rope_theta'})
KINDS = ('rope_type', 'type')  # the newer name first
ALREADY_SCALED = 'yarn'
"""The type of rope whose `max_position_embeddings` engines take as they are, without a factor."""


def names_rope(overrides: Mapping[str, Any]) -> bool:
    """Whether the overrides say anything of rotary embeddings, of a part of the config, too."""
    return any(
        key in ROPE_KEYS or (isinstance(value, Mapping) and names_rope(value))
        for key, value in overrides.items()
    )


def completed(config: Any, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return the overrides with rope parameters that can stand in the place of the config's own.

    Those that name only what is to change would lose the rest, first of all `rope_theta`:
    transformers and vLLM put them in the place of the checkpoint's. SGLang and LMDeploy add them to
    the checkpoint's, whose `rope_type` then outdoes the older name `type`.
    """
    whole = {
        key: completed(part, value) if is_part(part, value) else value
        for key, value in overrides.items()
        for part in [getattr(config, key, None)]
    }
    if not ROPE_KEYS & overrides.keys() or not hasattr(config, 'rope_parameters'):
        return whole
    dropped = ROPE_KEYS - {'rope_theta'} if hasattr(config, 'rope_theta') else ROPE_KEYS
    rest = {key: value for key, value in whole.items() if key not in dropped}
    return {**rest, 'rope_parameters': rope_parameters(config, overrides)}


def override(config: Any, overrides: Mapping[str, Any]) -> None:
    """Write the overrides into a loaded config and its parts."""
    from huggingface_hub.errors import StrictDataclassError

    for key, value in overrides.items():
        part = getattr(config, key, None)
        if is_part(part, value):
            override(part, value)
            continue
        try:
            setattr(config, key, value)
        except (AttributeError, TypeError, ValueError, StrictDataclassError) as error:
            reason = ' '.join(str(error).split())
            raise ConfigError(
                f"the model's own config refuses {key}={value!r}: {reason}"
            ) from error


def lengthened(config: Any, overrides: Mapping[str, Any], length: int | None) -> dict[str, Any]:
    """Return the overrides with the `max_position_embeddings` that a context of `length` needs.

    For transformers YaRN stretches them by its factor; engines take them to be stretched already.
    """
    rope, own = (
        overrides.get('rope_parameters') or {},
        getattr(config, 'max_position_embeddings', 0),
    )
    if rope.get('rope_type') != ALREADY_SCALED or not length or not own or length <= own:
        return dict(overrides)
    return {**overrides, 'max_position_embeddings': length}


def is_part(part: Any, value: Any) -> bool:
    """Whether `value` overrides fields of a config within the config, such as `text_config`."""
    return isinstance(value, Mapping) and hasattr(part, 'get_text_config')


def rope_parameters(config: Any, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return the config's own rope parameters with the overrides among them."""
    own = getattr(config, 'rope_parameters', None) or {}
    given = given_rope(overrides)
    layers = [key for key, value in own.items() if isinstance(value, Mapping)]
    if unknown := [key for key in given if layers and key not in layers]:
        raise ConfigError(
            f'rope_parameters: {unknown[0]} is for one of {", ".join(layers)}: name which, as in '
            f'rope_parameters=dict({layers[0]}=dict({unknown[0]}=...))'
        )
    changed = {layer: merged(own[layer], given[layer]) for layer in layers if layer in given}
    whole = copy(config)
    whole.rope_parameters = deepcopy({**own, **changed} if layers else merged(own, given))
    whole.standardize_rope_params()
    return dict(whole.rope_parameters)


def given_rope(overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rope parameters among the overrides, under whichever name."""
    theta = overrides.get('rope_theta')
    given: dict[str, Any] = {} if theta is None else {'rope_theta': theta}
    for name in ROPE_NAMES:
        value = overrides.get(name) or {}
        if not isinstance(value, Mapping):
            raise ConfigError(f"{name}={value!r} is no dict, such as {name}=dict(rope_type='yarn')")
        given |= value
    return given


def merged(own: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return `own` with what is `given`; the type of the scaling has one value, however called."""
    whole = {**own, **given}
    kind = next((given[name] for name in KINDS if name in given), None)
    if kind is None:
        return whole
    return {**whole, **{name: kind for name in KINDS if name in whole}, 'rope_type': kind}
