"""From a model config and an inferencer config to explicit sampling parameters."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from evalkit.errors import ConfigError
from evalkit.types import GenerationParams

SAME_NAME = (
    'top_p',
    'top_k',
    'min_p',
    'repetition_penalty',
    'frequency_penalty',
    'presence_penalty',
    'seed',
)

OTHER_NAME = {
    'max_new_tokens': 'max_out_len',
    'max_tokens': 'max_out_len',
    'min_new_tokens': 'min_out_len',
    'min_tokens': 'min_out_len',
    'random_seed': 'seed',
}

SPECIAL = ('do_sample', 'temperature', 'stop', 'stop_words', 'stop_strings')

ONE_ANSWER = ('num_return_sequences', 'num_beams', 'n', 'best_of')
"""Kwargs that must be 1: repeats are `n` of the dataset, and beams differ between engines."""

IGNORED = ('use_cache', 'pad_token_id', 'eos_token_id')
"""Kwargs that say nothing new: the model class takes the end tokens from the model itself."""


def generation_params(
    model_cfg: Mapping[str, Any],
    *,
    max_out_len: int | None = None,
    min_out_len: int | None = None,
    max_seq_len: int | None = None,
    stop: Sequence[str] = (),
    generation_kwargs: Mapping[str, Any] | None = None,
) -> GenerationParams:
    """Merge a dataset's wishes over those of the model; nothing is left to an engine's default."""
    kwargs = {**(model_cfg.get('generation_kwargs') or {}), **(generation_kwargs or {})}
    fields = sampling_fields(kwargs)
    lengths = {
        'max_out_len': max_out_len or model_cfg.get('max_out_len'),
        'min_out_len': min_out_len or model_cfg.get('min_out_len'),
        'max_seq_len': max_seq_len,
    }
    given = {key: value for key, value in lengths.items() if value is not None}
    stops = dict.fromkeys([*(model_cfg.get('stop_words') or ()), *stop, *stop_strings(kwargs)])
    return GenerationParams(**{**fields, **given}, stop=tuple(stops))


def sampling_fields(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Translate Hugging Face's `generation_kwargs`; one that has no meaning here is refused."""
    known = (*SAME_NAME, *OTHER_NAME, *SPECIAL, *ONE_ANSWER, *IGNORED)
    for key, value in kwargs.items():
        if key not in known:
            hint = ''.join(f', did you mean {match}?' for match in get_close_matches(key, known, 1))
            raise ConfigError(f'generation_kwargs.{key} is not a sampling parameter{hint}')
        if key in ONE_ANSWER and value not in (1, None):
            raise ConfigError(
                f'generation_kwargs.{key}={value} is not possible: for several answers to a '
                'question set `n` on the dataset; beam search differs from engine to engine'
            )
    renamed = {OTHER_NAME.get(key, key): value for key, value in kwargs.items()}
    fields = {
        key: renamed[key] for key in renamed if key in (*SAME_NAME, 'max_out_len', 'min_out_len')
    }
    fields = {key: value for key, value in fields.items() if value is not None}
    if fields.get('top_k', 0) < 0:
        fields['top_k'] = 0
    return {**fields, 'temperature': temperature(kwargs)}


def temperature(kwargs: Mapping[str, Any]) -> float:
    """Return the temperature; `do_sample=False` is greedy even if a temperature is given."""
    do_sample = kwargs.get('do_sample')
    if do_sample is False:
        return 0.0
    given = kwargs.get('temperature')
    if given is None:
        return 1.0 if do_sample else 0.0
    return float(given)


def stop_strings(kwargs: Mapping[str, Any]) -> list[str]:
    """Return the stop strings that stand among the kwargs."""
    found: list[str] = []
    for key in ('stop', 'stop_words', 'stop_strings'):
        value = kwargs.get(key) or ()
        found += [value] if isinstance(value, str) else list(value)
    return found
