"""How a Hugging Face config quantises the weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evalkit.errors import ConfigError

STORED = ('awq', 'gptq')
"""Methods whose checkpoints hold the quantised weights and say so in their `config.json`."""

NF4_KEYS = frozenset(
    {
        'quant_method',
        'load_in_4bit',
        'load_in_8bit',
        'bnb_4bit_quant_type',
        'bnb_4bit_use_double_quant',
        'bnb_4bit_compute_dtype',
        'bnb_4bit_quant_storage',
    }
)


@dataclass(frozen=True)
class Quantisation:
    """Weights that are quantised while they are loaded, by bitsandbytes; `key` names them."""

    key: str
    settings: Mapping[str, Any]

    @property
    def is_double_nf4(self) -> bool:
        """Whether it is 4-bit NormalFloat with quantised constants (QLoRA), and nothing else."""
        return (
            self.settings.keys() <= NF4_KEYS
            and bool(self.settings.get('load_in_4bit'))
            and not self.settings.get('load_in_8bit')
            and self.settings.get('bnb_4bit_quant_type') == 'nf4'
            and bool(self.settings.get('bnb_4bit_use_double_quant'))
        )


def read_quantisation(kwargs: Mapping[str, Any], name: str) -> Quantisation | None:
    """Return what is quantised on loading; None where the checkpoint itself says everything.

    Every engine reads the quantisation of an AWQ or GPTQ checkpoint from its `config.json`, and
    for such a checkpoint Hugging Face takes nothing but the choice of kernels from the config.
    """
    inner = kwargs.get('quantization_config') or {}
    if not isinstance(inner, Mapping):
        raise ConfigError(f'{name}: model_kwargs.quantization_config is not a dict')
    settings = {
        key: value
        for key, value in {**inner, **kwargs}.items()
        if value is not None and key != 'quantization_config'
    }
    for bits in ('load_in_4bit', 'load_in_8bit'):
        if settings.get(bits):
            where = bits if kwargs.get(bits) else f'quantization_config.{bits}'
            return Quantisation(f'model_kwargs.{where}', settings)
    _check_stored(settings, name)
    return None


def _check_stored(settings: Mapping[str, Any], name: str) -> None:
    method = settings.get('quant_method')
    is_stored = method in STORED and 'dataset' not in settings
    if is_stored or (method is None and not any(settings.values())):
        return
    raise ConfigError(
        f'{name}: model_kwargs.quantization_config: engines read an {" or ".join(STORED)} '
        f'checkpoint as it is, but do not quantise with {method or "these settings"}; name a '
        'checkpoint that is quantised, or run this model without -a'
    )
