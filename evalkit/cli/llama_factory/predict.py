"""LLaMA-Factory's YAML file for a prediction becomes a config."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from evalkit.cli.llama_factory.keys import DEFAULTS, KNOWN, MEANINGLESS, NEEDED, REFUSED
from evalkit.cli.llama_factory.templates import find_template
from evalkit.config import did_you_mean, no_such_file
from evalkit.errors import ConfigError

SUFFIXES = ('.yaml', '.yml')
SAMPLING = ('temperature', 'top_p', 'top_k', 'seed')
DTYPES = {'bf16': 'bfloat16', 'fp16': 'float16'}
LOADING = {'model_revision': 'revision', 'cache_dir': 'cache_dir', 'hf_hub_token': 'token'}
ATTENTION = {'fa2': 'flash_attention_2', 'sdpa': 'sdpa', 'disabled': 'eager'}

ONLY: Mapping[str, object] = {'stage': 'sft', 'num_beams': 1}
WHOLE = ('cutoff_len', 'max_samples', 'max_new_tokens', 'per_device_eval_batch_size')

Yaml = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Predict:
    """A config, and what the user should know of how it was made."""

    cfg: dict[str, Any]
    notes: list[str]


def is_predict(path: Path | None) -> bool:
    """Whether a config file is one of LLaMA-Factory's."""
    return path is not None and path.suffix.lower() in SUFFIXES


def load_predict(path: Path) -> Predict:
    """Return the config that does what a YAML file of LLaMA-Factory's says."""
    if not path.is_file():
        raise ConfigError(no_such_file(path))
    yaml = import_module('yaml')
    try:
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f'{path}: not YAML: {" ".join(str(error).split())}') from error
    if not isinstance(content, dict):
        raise ConfigError(f'{path}: must hold `key: value` lines')
    return translate(content, str(path))


def translate(content: Yaml, place: str) -> Predict:
    """Return the config; ConfigError names a key that is not known, or that cannot be done."""
    given = {key: value for key, value in content.items() if value is not None}
    check(given, place)
    wanted = {**DEFAULTS, **given}
    cfg: dict[str, Any] = {'models': [model(wanted, place)], 'datasets': [dataset(wanted)]}
    if 'output_dir' in given:
        cfg['work_dir'] = str(given['output_dir'])
    return Predict(cfg, notes(given, wanted))


def check(given: Yaml, place: str) -> None:
    """Refuse what is no prediction of answers, and keys that are unknown or cannot be done."""
    for key in given:
        check_key(key, given[key], place)
    for key in NEEDED:
        if key not in given:
            raise ConfigError(f'{place}: {key} is missing')
    if given.get('do_train') or not given.get('do_predict', True):
        raise ConfigError(f'{place}: evalkit predicts only: set do_predict: true, and no do_train')


def check_key(key: Any, value: Any, place: str) -> None:
    """Refuse a key, or its value."""
    if key not in KNOWN:
        near = did_you_mean(str(key), KNOWN)
        raise ConfigError(f'{place}: {key} is no key of LLaMA-Factory that is known here{near}')
    if key in REFUSED and value not in (False, ''):
        raise ConfigError(f'{place}: {key}: {REFUSED[key]}')
    if key in ONLY and value != ONLY[key]:
        raise ConfigError(f'{place}: {key}: {value} cannot be done here, only {ONLY[key]}')
    if key in WHOLE and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise ConfigError(f'{place}: {key}: {value!r} is not a whole number of at least 1')


def model(wanted: Yaml, place: str) -> dict[str, Any]:
    """Return the config of the model, with its adapter if it has one."""
    path = str(wanted['model_name_or_path'])
    name = Path(path).name
    template = wanted.get('template')
    written = find_template(template, place) if template else None
    chat = {'chat_template': written.jinja()} if written else {}
    if 'enable_thinking' in wanted:
        chat['enable_thinking'] = wanted['enable_thinking']
    return given_only(
        {
            'type': 'evalkit.models.HuggingFacewithChatTemplate',
            'abbr': f'{name}-hf',
            'path': path,
            'adapters': adapters(wanted, name, place),
            'model_kwargs': model_kwargs(wanted),
            'chat_template_kwargs': chat,
            'stop_words': list(written.stop_words) if written else [],
            'mode': 'mid' if 'cutoff_len' in wanted else None,
            'max_out_len': wanted['max_new_tokens'],
            'generation_kwargs': generation_kwargs(wanted),
            'batch_size': wanted.get('per_device_eval_batch_size'),
            'run_cfg': {'num_gpus': 1},
        }
    )


def adapters(wanted: Yaml, base: str, place: str) -> dict[str, str]:
    """Return the adapter under a short name: that of its folder, without the model's."""
    given = wanted.get('adapter_name_or_path') or []
    paths = given.split(',') if isinstance(given, str) else list(given)
    if len(paths) > 1:
        raise ConfigError(
            f'{place}: adapter_name_or_path: LLaMA-Factory puts these on top of each other; merge '
            'them (llamafactory-cli export), or compare them by a config with adapters=dict(...)'
        )
    return {short_name(path.strip(), base): path.strip() for path in paths}


def short_name(path: str, base: str) -> str:
    """Return what to call an adapter: `checkpoint-500` is called after the folder above, too."""
    folder = Path(path)
    is_step = folder.name.startswith('checkpoint-') and folder.parent.name
    name = f'{folder.parent.name}-{folder.name}' if is_step else folder.name
    return name.removeprefix(base).strip('-_') or name


def model_kwargs(wanted: Yaml) -> dict[str, Any]:
    """Return what loads the model."""
    dtype = wanted.get('infer_dtype')
    named = next((DTYPES[key] for key in DTYPES if wanted.get(key)), None)
    return given_only(
        {
            'dtype': dtype if dtype not in (None, 'auto') else named,
            'trust_remote_code': wanted.get('trust_remote_code'),
            'attn_implementation': ATTENTION.get(str(wanted.get('flash_attn'))),
            **{ours: wanted.get(theirs) for theirs, ours in LOADING.items()},
        }
    )


def generation_kwargs(wanted: Yaml) -> dict[str, Any]:
    """Return how an answer is drawn; a temperature of 0 or no sampling is greedy."""
    penalty = {'repetition_penalty': wanted['repetition_penalty']}
    if not wanted['do_sample'] or wanted['temperature'] == 0:
        return {'do_sample': False, **penalty}
    return {'do_sample': True, **{key: wanted[key] for key in SAMPLING}, **penalty}


def dataset(wanted: Yaml) -> dict[str, Any]:
    """Return the config of the datasets, which LLaMA-Factory takes for one."""
    named = wanted['eval_dataset']
    inferencer: dict[str, Any] = {'type': 'evalkit.inferencers.GenInferencer'}
    if 'cutoff_len' in wanted:
        inferencer['max_seq_len'] = wanted['cutoff_len'] + wanted['max_new_tokens']
    return given_only(
        {
            'type': 'evalkit.datasets.LlamaFactoryDataset',
            'dataset': named if isinstance(named, str) else ','.join(map(str, named)),
            'dataset_dir': wanted.get('dataset_dir', 'data'),
            'max_samples': wanted.get('max_samples'),
            'default_system': wanted.get('default_system'),
            'infer_cfg': {'inferencer': inferencer},
        }
    )


def given_only(cfg: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said: neither None nor empty."""
    return {key: value for key, value in cfg.items() if value is not None and value not in ({}, [])}


def notes(given: Yaml, wanted: Yaml) -> list[str]:
    """Return what was left out, and what was filled in."""
    lines = [
        f'left out, since {reason}: {", ".join(found)}'
        for reason, keys in MEANINGLESS.items()
        if (found := [key for key in given if key in keys])
    ]
    if generation_kwargs(wanted)['do_sample']:
        filled = [f'{key}={wanted[key]}' for key in DEFAULTS if key not in given]
    else:
        filled = [f'max_new_tokens={wanted["max_new_tokens"]}'] * ('max_new_tokens' not in given)
    if filled:
        lines.append(f"as LLaMA-Factory's default: {', '.join(filled)}")
    if 'template' in given:
        lines.append(f"template: LLaMA-Factory's {given['template']}, not the tokenizer's own")
    if 'cutoff_len' in given:
        lines.append('cutoff_len: of a longer prompt the middle is dropped (there, the end)')
    return lines
