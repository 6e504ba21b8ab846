"""From a model config and an inferencer config to explicit sampling parameters."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.types import GenerationParams

LENGTHS = ('max_out_len', 'min_out_len', 'max_seq_len')

SAME_NAME: dict[str, type[int] | type[float]] = {
    'top_p': float,
    'top_k': int,
    'min_p': float,
    'repetition_penalty': float,
    'frequency_penalty': float,
    'presence_penalty': float,
    'temperature': float,
    'seed': int,
    'max_out_len': int,
    'min_out_len': int,
}

OTHER_NAME = {
    'max_new_tokens': 'max_out_len',
    'max_tokens': 'max_out_len',
    'min_new_tokens': 'min_out_len',
    'min_tokens': 'min_out_len',
    'random_seed': 'seed',
}

STOP = ('stop', 'stop_words', 'stop_strings')

ONE_ANSWER = ('num_return_sequences', 'num_beams', 'n', 'best_of')
"""Kwargs that must be 1: repeats are `n` of the dataset, and beams differ between engines."""

STOP_IDS = ('eos_token_id', 'stop_token_ids')
"""Kwargs with token ids that end an answer, besides the model's own."""

IGNORED = ('use_cache', 'pad_token_id')
"""Kwargs that cannot change an answer."""

MAY_BE_NEGATIVE = ('top_k', 'seed', 'frequency_penalty', 'presence_penalty')

AT_MOST_ONE = ('top_p', 'min_p')

KNOWN = ('do_sample', *SAME_NAME, *OTHER_NAME, *STOP, *STOP_IDS, *ONE_ANSWER, *IGNORED)


def generation_params(
    model_cfg: Mapping[str, Any], wanted: Mapping[str, Any], stop: Iterable[str] = ()
) -> GenerationParams:
    """Merge a dataset's wishes over those of the model; nothing is left to an engine's default.

    `wanted` and `model_cfg` may have `max_out_len`, `min_out_len` and `generation_kwargs`, where
    a length by its own name counts more than one among the kwargs. Stop words add up. LMDeploy's
    configs have a `gen_config`, over which the model's `generation_kwargs` count. (The model's
    `max_seq_len` is an argument of its class, so that only the dataset's is taken here.)
    """
    model_kwargs = checked(model_cfg, 'gen_config') | checked(model_cfg, 'generation_kwargs')
    kwargs = checked(wanted, 'generation_kwargs')
    fields = {
        **model_kwargs,
        **lengths(model_cfg, LENGTHS[:2]),
        **kwargs,
        **lengths(wanted, LENGTHS),
    }
    stops = [
        *texts(model_cfg.get('stop_words')),
        *stop_strings(model_kwargs),
        *texts(stop),
        *stop_strings(kwargs),
    ]
    sampling = {key: fields[key] for key in fields if key in (*SAME_NAME, *LENGTHS)}
    sampling |= {'temperature': temperature(fields), 'top_k': max(sampling.get('top_k', 0), 0)}
    return GenerationParams(
        **sampling,
        stop=tuple(dict.fromkeys(stops)),
        stop_token_ids=stop_token_ids(kwargs) or stop_token_ids(model_kwargs),
    )


def checked(cfg: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the sampling parameters under `cfg[where]` by our names, without those that are None.

    One that has no meaning here is refused by name.
    """
    found: dict[str, Any] = {}
    for key, value in (cfg.get(where) or {}).items():
        place = f'{where}.{key}'
        if key not in KNOWN:
            raise ConfigError(f'{place} is not a sampling parameter{did_you_mean(key, KNOWN)}')
        if key in ONE_ANSWER and value not in (1, None):
            raise ConfigError(
                f'{place}={value!r} is not possible: for several answers to a question set `n` '
                'on the dataset; beam search differs from engine to engine'
            )
        if key == 'do_sample' and value not in (True, False, None):
            raise ConfigError(f'{place} must be True or False, not {value!r:.60}')
        name = OTHER_NAME.get(key, key)
        if value is not None and key not in (*ONE_ANSWER, *IGNORED):
            found[name] = number(name, value, place) if name in SAME_NAME else value
    return found


def number(name: str, value: Any, place: str) -> int | float:
    """Return the value of a parameter as a number of its kind, if it is one that is possible."""
    kind = SAME_NAME[name]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or kind(value) != value:
        what = 'a number' if kind is float else 'a whole number'
        raise ConfigError(f'{place} must be {what}, not {value!r:.60}')
    is_low = value < 0 and name not in MAY_BE_NEGATIVE
    if is_low or (name in AT_MOST_ONE and value > 1) or (name == 'top_p' and value == 0):
        raise ConfigError(f'{place}={value!r} is out of range')
    return kind(value)


def lengths(cfg: Mapping[str, Any], names: Iterable[str]) -> dict[str, int]:
    """Return the lengths, in tokens, that a config gives."""
    return {name: cfg[name] for name in names if cfg.get(name) is not None}


def temperature(fields: Mapping[str, Any]) -> float:
    """Return the temperature; `do_sample=False` is greedy even if a temperature is given."""
    do_sample = fields.get('do_sample')
    if do_sample is False:
        return 0.0
    return float(fields.get('temperature', 1.0 if do_sample else 0.0))


def stop_token_ids(kwargs: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the token ids that end an answer, each once."""
    found: list[int] = []
    for key in STOP_IDS:
        value = kwargs.get(key)
        ids = [value] if isinstance(value, int) else list(value or ())
        if not all(isinstance(number, int) and number >= 0 for number in ids):
            raise ConfigError(f'generation_kwargs.{key} must be token ids, not {value!r:.60}')
        found += ids
    return tuple(sorted(set(found)))


def stop_strings(kwargs: Mapping[str, Any]) -> list[str]:
    """Return the stop strings that stand among the kwargs."""
    return [text for key in STOP for text in texts(kwargs.get(key))]


def texts(value: str | Iterable[str] | None) -> Sequence[str]:
    """Return a text or several as a list; an empty one stops nothing."""
    return [text for text in ([value] if isinstance(value, str) else value or ()) if text]
