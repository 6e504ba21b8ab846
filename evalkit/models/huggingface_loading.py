"""Loads a model and its tokenizer with transformers; foreign errors become one line."""

import warnings
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from evalkit.errors import ConfigError
from evalkit.models.dtypes import canonical_dtype, take_dtype
from evalkit.models.fingerprint import stored_dtype
from evalkit.models.hub import ACCESS_KEYS, HUB_ID, not_to_be_had
from evalkit.models.own_config import completed, names_rope

SHARED_KEYS = (*ACCESS_KEYS, 'revision')
CODE_KEYS = ('trust_remote_code', 'code_revision')  # a `generation_config.json` has no code
REMOTE_CODE = {'trust_remote_code': False}  # unnamed, transformers would ask on the terminal
CONTEXT_KEYS = ('max_position_embeddings', 'n_positions', 'max_seq_len', 'seq_length')

BROKEN = (ValueError, RuntimeError, KeyError, EOFError, UnpicklingError, UserWarning)
"""What transformers and peft raise for files that they cannot use."""


def load_tokenizer(path: str, kwargs: Mapping[str, Any], model_kwargs: Mapping[str, Any]) -> Any:
    """Return the tokenizer of `path`; what a download needs is taken from `model_kwargs` too."""
    from transformers import AutoTokenizer

    shared = {key: model_kwargs[key] for key in SHARED_KEYS if key in model_kwargs}
    options = {**REMOTE_CODE, **shared, **kwargs}
    return _load('tokenizer', path, AutoTokenizer.from_pretrained, options)


def load_config(path: str, model_kwargs: Mapping[str, Any]) -> Any:
    """Return the config of the model of `path`; of `model_kwargs` what a download needs counts."""
    from transformers import AutoConfig

    keys = (*SHARED_KEYS, 'code_revision')
    shared = {key: model_kwargs[key] for key in keys if key in model_kwargs}
    return _load('config', path, AutoConfig.from_pretrained, {**REMOTE_CODE, **shared})


def checkpoint_dtype(path: str, config: Any) -> str:
    """Return the dtype of the stored weights: what a model's config says, or else the first file.

    It is sent to every engine by name, since 'auto' means another dtype to each: vLLM, SGLang and
    LMDeploy halve a float32 checkpoint in silence.
    """
    named = getattr(config, 'dtype', None) or getattr(config.get_text_config(), 'dtype', None)
    return canonical_dtype(named) if named is not None else stored_dtype(path) or 'float32'


def load_model(path: str, kwargs: Mapping[str, Any]) -> Any:
    """Return the model of `path` in evaluation mode, on the device where it runs.

    Without a dtype in `kwargs` it is float32 on a CPU, where half precision is slow, and that of
    the checkpoint elsewhere. Without `device_map` it runs on the first GPU, or on the CPU.
    """
    from transformers import AutoModelForCausalLM

    dtype, rest = take_dtype(kwargs)
    if names_rope(rest):
        rest = completed(load_config(path, kwargs), rest)
    options = {**REMOTE_CODE, **_quantised(rest), 'output_loading_info': True}
    device = _single_device(options.pop('device_map', None))
    if dtype == 'auto' or (dtype is None and device != 'cpu'):
        dtype = checkpoint_dtype(path, load_config(path, kwargs))
    options['dtype'] = dtype or 'float32'
    if device != 'cpu' and (device != 'cuda' or find_spec('accelerate')):
        options['device_map'] = device  # the weights go straight to where they stay
    model, info = _load('model', path, AutoModelForCausalLM.from_pretrained, options)
    if info['missing_keys']:
        names = sorted(info['missing_keys'])
        raise ConfigError(f'{path} lacks {len(names)} weights, the first being {names[0]}')
    return (model if 'device_map' in options else model.to(device)).eval()


def add_adapter(model: Any, path: str, kwargs: Mapping[str, Any]) -> Any:
    """Return `model` with the PEFT adapter of `path` (LoRA and its kin)."""
    try:
        from peft import PeftModel
    except ImportError as error:
        raise ConfigError("peft is not installed: pip install 'evalkit[lora]'") from error

    def attach(path: str, **options: Any) -> Any:
        with warnings.catch_warnings():
            # An adapter made for another model would otherwise be left out in silence.
            warnings.filterwarnings('error', message='Found missing adapter keys')
            return PeftModel.from_pretrained(model, path, **options)

    return _load('adapter', path, attach, kwargs).eval()


def add_adapters(model: Any, paths: Mapping[str, str], kwargs: Mapping[str, Any]) -> Any:
    """Return `model` with several PEFT adapters by name."""
    (name, path), *others = paths.items()
    adapted = add_adapter(model, path, {**kwargs, 'adapter_name': name})

    def attach(path: str, **options: Any) -> None:
        adapted.load_adapter(path, **options)

    for name, path in others:
        _load('adapter', path, attach, {**kwargs, 'adapter_name': name})
    return adapted.eval()


def choose_adapter(model: Any, name: str | None) -> None:
    """Let one of the adapters of `model` answer, or for None the base model alone."""
    if name is None:
        model.base_model.disable_adapter_layers()
        return
    model.base_model.enable_adapter_layers()
    model.set_adapter(name)


def take_eos_ids(model: Any, tokenizer: Any) -> frozenset[int]:
    """Return the ids that end an answer, and make `model` forget its `generation_config.json`.

    What a call of `generate` leaves open would otherwise come from that file.
    """
    from transformers import GenerationConfig

    sources = (model.generation_config, model.config, tokenizer)
    model.generation_config = GenerationConfig()
    return named_eos_ids(*sources)


def saved_eos_ids(
    path: str, options: Mapping[str, Any], config: Any, tokenizer: Any
) -> frozenset[int]:
    """Return the ids that end an answer of a model that another engine loads.

    `options` are those with which its config was read off the hub.
    """
    from transformers import GenerationConfig

    folder = Path(path).expanduser()
    access = {key: value for key, value in options.items() if key not in CODE_KEYS}
    try:
        generation_config = GenerationConfig.from_pretrained(
            str(folder) if folder.is_dir() else path, **access
        )
    except OSError as error:
        if (folder / 'generation_config.json').exists():
            raise ConfigError(f'no usable generation config in {path}: {_line(error)}') from error
        generation_config = None  # most base models have none
    return named_eos_ids(generation_config, config, config.get_text_config(), tokenizer)


def named_eos_ids(*sources: Any) -> frozenset[int]:
    """Return the ids that any of the `sources` calls the end of a text."""
    ids: set[int] = set()
    for source in sources:
        named = getattr(source, 'eos_token_id', None)
        ids |= {named} if isinstance(named, int) else set(named or ())
    return frozenset(ids)


def find_pad_id(model: Any, tokenizer: Any, named: int | None) -> int:
    """Return the id to pad with, which the mask hides; a negative one counts from the end."""
    if named is not None:
        return named % int(model.config.get_text_config().vocab_size)
    ids = (tokenizer.pad_token_id, tokenizer.eos_token_id)
    return next((number for number in ids if number is not None), 0)


def context_length(config: Any, max_seq_len: int | None) -> int | None:
    """Return how many tokens fit: `max_seq_len`, but never more than the model was made for."""
    text = config.get_text_config()
    own = next((getattr(text, key) for key in CONTEXT_KEYS if getattr(text, key, None)), None)
    if max_seq_len is None or own is None:
        return max_seq_len or own
    rope = getattr(text, 'rope_parameters', None) or {}
    is_scaled = rope.get('rope_type', rope.get('type')) != 'default'
    factor = (rope.get('factor') if is_scaled else None) or 1
    return min(max_seq_len, int(own * max(1, factor if isinstance(factor, int | float) else 1)))


def quiet() -> None:
    """Keep transformers' warnings and progress bars out of the user's terminal."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()


def _load(kind: str, path: str, loader: Callable[..., Any], kwargs: Mapping[str, Any]) -> Any:
    """Call `loader`; each way in which it fails becomes one line with the remedy."""
    from safetensors import SafetensorError

    folder = Path(path).expanduser()
    is_local = folder.is_dir()
    if not is_local and not HUB_ID.fullmatch(path):
        raise ConfigError(f'no {kind} at {path}: the folder does not exist')
    try:
        return loader(str(folder) if is_local else path, **kwargs)
    except TypeError as error:
        raise ConfigError(f'the {kind} {path} refuses an argument: {_line(error)}') from error
    except ImportError as error:
        raise ConfigError(f'the {kind} {path} needs a missing package: {_line(error)}') from error
    except OSError as error:
        if is_local:
            raise ConfigError(f'no usable {kind} in the folder {path}: {_line(error)}') from error
        raise ConfigError(not_to_be_had(kind, path)) from error
    except (*BROKEN, SafetensorError) as error:
        raise ConfigError(f'the {kind} {path} cannot be loaded: {_line(error)}') from error


def _line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), repr(error))


def _single_device(device_map: Any) -> Any:
    """Return the one device to run on, or the `device_map` where it names several."""
    import torch

    if not torch.cuda.is_available():
        if 'cuda' in str(device_map):
            raise ConfigError(f'device_map={device_map!r}, but torch sees no GPU on this machine')
        return 'cpu'
    if device_map is None or (device_map == 'auto' and torch.cuda.device_count() == 1):
        return 'cuda'
    return device_map


def _quantised(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Gather the `load_in_8bit` family of keys, which transformers 5 takes as one object only."""
    quantisation = {
        key: value for key, value in kwargs.items() if key.startswith(('load_in_', 'bnb_4bit_'))
    }
    rest = {key: value for key, value in kwargs.items() if key not in quantisation}
    if not any(quantisation.get(key) for key in ('load_in_8bit', 'load_in_4bit')):
        return rest
    from transformers import BitsAndBytesConfig

    try:
        return {**rest, 'quantization_config': BitsAndBytesConfig(**quantisation)}
    except TypeError as error:
        raise ConfigError(f'model_kwargs: {_line(error)}') from error
