"""A Hugging Face model config taken apart: each key has a part, is dropped, or is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.accelerate.keys import DROPPED, OWN_CONFIG, QUANTISATION, TOKENIZER_TOO
from evalkit.accelerate.quantisation import Quantisation, read_quantisation
from evalkit.config import arguments_of, did_you_mean
from evalkit.errors import ConfigError
from evalkit.models.base import PLAN_KEYS, BaseModel
from evalkit.models.dtypes import take_dtype

REFUSED_FLAGS = ('tokenizer_only', 'use_fastchat_template')


@dataclass(frozen=True)
class Source:
    """What a Hugging Face config says, each thing under one name.

    `loading` are those `model_kwargs` that engines may have under another name; `own_config`
    overrides the `config.json` of the model. Keys that are not given are not there, or None.
    """

    name: str
    cfg: Mapping[str, Any]
    is_chat: bool
    dtype: str | None
    loading: Mapping[str, Any]
    own_config: Mapping[str, Any]
    quantisation: Quantisation | None
    tokenizer_kwargs: Mapping[str, Any]

    @property
    def plan(self) -> dict[str, Any]:
        """What plans the work, as it is; `end_str` is one more stop word."""
        kept = {key: self.cfg[key] for key in self.cfg if key in PLAN_KEYS}
        end = self.cfg.get('end_str')
        if end:
            kept['stop_words'] = [*(kept.get('stop_words') or ()), end]
        return kept

    @property
    def num_gpus(self) -> int:
        """GPUs of the model; 0 is a CPU."""
        return int((self.cfg.get('run_cfg') or {}).get('num_gpus') or 0)

    @property
    def adapter(self) -> str | None:
        """The folder of a LoRA adapter."""
        return self.cfg.get('peft_path') or None

    @property
    def has_adapters(self) -> bool:
        """Whether the engine must know LoRA."""
        return bool(self.adapter or self.cfg.get('adapters'))

    def shared(self) -> dict[str, Any]:
        """Return the arguments that the classes of all local engines have in common."""
        return given(
            {
                'tokenizer_path': self.cfg.get('tokenizer_path'),
                'tokenizer_kwargs': self.tokenizer_kwargs,
                'lora_path': self.adapter,
                'adapters': self.cfg.get('adapters'),
                'max_seq_len': self.cfg.get('max_seq_len'),
                'mode': self.cfg.get('mode'),
                'chat_template_kwargs': self.cfg.get('chat_template_kwargs'),
            }
        )

    def engine_arguments(
        self, engine: str, names: Mapping[str, str | None], dtypes: Sequence[str]
    ) -> dict[str, Any]:
        """Return the dtype and the loading as the engine names them; refuse what it lacks.

        What is named None is said to the tokenizer alone.
        """
        for key in self.loading:
            if key not in names:
                self.refuse(f'model_kwargs.{key}', f'{engine} has no counterpart{hint(key)}')
        if self.dtype is not None and self.dtype not in dtypes:
            near = ' or '.join(repr(dtype) for dtype in dtypes[-2:])
            self.refuse('model_kwargs.dtype', f'{engine} has no {self.dtype}; use {near}')
        renamed = ((names[key], value) for key, value in self.loading.items())
        return given({'dtype': self.dtype}) | {name: value for name, value in renamed if name}

    def refuse(self, key: str, reason: str) -> None:
        """Raise the error of a key that cannot be converted."""
        raise ConfigError(
            f'{self.name}: {key}: {reason}; change it, leave it out, or run this model without -a'
        )


def hint(key: str) -> str:
    """Say where else an engine is told what stands among the `model_kwargs` of Hugging Face."""
    if key == 'token':
        return ', and reads it from the environment: set HF_TOKEN'
    return " (an engine's own arguments go into --engine-args, a server's into --server-args)"


def read_source(cfg: Mapping[str, Any], model_type: type[BaseModel]) -> Source:
    """Take the config of a Hugging Face class apart; a key that it does not have is an error."""
    name = str(cfg.get('abbr') or cfg.get('path'))
    if not cfg.get('path'):
        raise ConfigError(f'{name}: path: {model_type.__name__} needs this key')
    check_keys(cfg, model_type, name)
    model_kwargs = {**given({'cache_dir': cfg.get('hf_cache_dir')}), **part(cfg, 'model_kwargs')}
    dtype, rest = split_dtype(model_kwargs, name)
    quantising = {key: rest.pop(key) for key in list(rest) if key.startswith(QUANTISATION)}
    shared = {key: rest[key] for key in TOKENIZER_TOO if key in rest}
    return Source(
        name=name,
        cfg=cfg,
        is_chat=model_type.is_chat,
        dtype=dtype,
        loading=kept({k: v for k, v in rest.items() if k not in OWN_CONFIG}, 'model_kwargs'),
        own_config={key: value for key, value in rest.items() if key in OWN_CONFIG},
        quantisation=read_quantisation(quantising, name),
        tokenizer_kwargs=kept({**shared, **part(cfg, 'tokenizer_kwargs')}, 'tokenizer_kwargs'),
    )


def split_dtype(model_kwargs: Mapping[str, Any], name: str) -> tuple[str | None, dict[str, Any]]:
    """Split the `model_kwargs` of a model into its dtype and the rest."""
    try:
        return take_dtype(model_kwargs)
    except ConfigError as error:
        raise ConfigError(f'{name}: model_kwargs: {error}') from error


def check_keys(cfg: Mapping[str, Any], model_type: type[BaseModel], name: str) -> None:
    """Refuse what the class does not take, and what nothing but transformers can do."""
    known = ('type', *sorted(PLAN_KEYS), *(arguments_of(model_type) or ()))
    for key in cfg:
        if key not in known:
            raise ConfigError(f'{name}: {key}: unknown key{did_you_mean(key, known)}')
    for key in REFUSED_FLAGS:
        if cfg.get(key):
            raise ConfigError(f'{name}: {key}=True is not supported')
    for key in kept(part(cfg, 'peft_kwargs'), 'peft_kwargs'):
        raise ConfigError(
            f'{name}: peft_kwargs.{key}: engines load an adapter by its path alone; leave it out, '
            'or run this model without -a'
        )


def dropped_keys(cfg: Mapping[str, Any]) -> dict[str, str]:
    """Return the full names of the keys that a conversion leaves out, with the reasons."""
    names = list(cfg)
    for key in ('model_kwargs', 'tokenizer_kwargs', 'peft_kwargs'):
        names += [f'{key}.{name}' for name in part(cfg, key)]
    return {name: DROPPED[name] for name in names if name in DROPPED}


def part(cfg: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return a dict of the config, without what is None."""
    return {name: value for name, value in (cfg.get(key) or {}).items() if value is not None}


def kept(kwargs: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the kwargs without those that are dropped."""
    return {name: value for name, value in kwargs.items() if f'{key}.{name}' not in DROPPED}


def given(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is given: neither None nor an empty dict."""
    return {key: value for key, value in keys.items() if value is not None and value != {}}
