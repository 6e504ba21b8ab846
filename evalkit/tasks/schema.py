"""The keys of a config and what their values may be."""

from collections.abc import Collection, Mapping
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError

READER_KEYS = (
    'input_columns',
    'output_column',
    'train_split',
    'test_split',
    'train_range',
    'test_range',
    'limit',
)
INFER_KEYS = ('ice_template', 'prompt_template', 'retriever', 'inferencer')
EVAL_KEYS = (
    'evaluator',
    'pred_role',
    'pred_postprocessor',
    'dataset_postprocessor',
    'model_postprocessor',
    'num_gpus',
    'k',
    'exclude',
)
RUN_KEYS = ('num_gpus', 'num_procs', 'num_replicas', 'python', 'startup_timeout')
STAGE_KEYS = ('partitioner', 'runner')
COMBINATION_KEYS = ('models', 'datasets')
TASKS = (
    'OpenICLInferTask',
    'OpenICLEvalTask',
    'OpenICLInferConcurrentTask',
    'OpenICLEvalWatchTask',
)

TEXT, TEXTS, DICT = (str,), (list, tuple), (dict,)
WHOLE, NUMBER, SIZE = (int,), (int, float), (int, float, str)

VALUE_TYPES: Mapping[str, tuple[type, ...]] = {
    'abbr': TEXT,
    'adapter': TEXT,
    'adapters': DICT,
    'batch_size': WHOLE,
    'chat_template_kwargs': DICT,
    'dataset_postprocessor': (dict, str),
    'engine_config': DICT,
    'eval_cfg': DICT,
    'evaluator': DICT,
    'exclude': (str, list, tuple),
    'extra_body': DICT,
    'fix_id_list': TEXTS,
    'gen_config': DICT,
    'generation_kwargs': DICT,
    'ice_num': WHOLE,
    'infer_cfg': DICT,
    'inferencer': DICT,
    'input_columns': (str, list, tuple),
    'judge_cfg': DICT,
    'k': (int, list, tuple),
    'key': (str, list, tuple),
    'labels': TEXTS,
    'limit': WHOLE,
    'max_out_len': WHOLE,
    'max_seq_len': WHOLE,
    'max_workers': WHOLE,
    'meta_template': DICT,
    'min_out_len': WHOLE,
    'model_kwargs': DICT,
    'n': WHOLE,
    'num_gpus': WHOLE,
    'num_procs': WHOLE,
    'num_replicas': WHOLE,
    'openai_api_base': (str, list, tuple),
    'openai_extra_kwargs': DICT,
    'output_column': TEXT,
    'path': (str, list, tuple),
    'peft_kwargs': DICT,
    'peft_path': TEXT,
    'pred_postprocessor': (dict, str),
    'python': TEXT,
    'query_per_second': NUMBER,
    'reader_cfg': DICT,
    'retriever': DICT,
    'retry': WHOLE,
    'run_cfg': DICT,
    'startup_timeout': NUMBER,
    'stop_words': TEXTS,
    'stopping_criteria': TEXTS,
    'summarizer_abbr': TEXT,
    'temperature': NUMBER,
    'test_range': SIZE,
    'test_split': TEXT,
    'tokenizer_kwargs': DICT,
    'tokenizer_path': TEXT,
    'train_range': SIZE,
    'train_split': TEXT,
}
"""What the value of a key of ours is; None always means that it is not given."""

NOT_AN_ANSWER = 'a request that fails is an error of its sample and never an answer; leave it out'

REPLACED: Mapping[str, str] = {
    'batch_padding': 'batches are padded without harm; leave it out',
    'drop_middle': "write mode='mid'",
    'end_str': 'write stop_words=[...]',
    'failure_message': NOT_AN_ANSWER,
    'fastchat_template': 'write the template as chat_template_kwargs=dict(chat_template=...)',
    'http_client_cfg': 'write openai_proxy_url, verify, timeout or default_headers',
    'skip_failed': 'the other samples are answered in any case; leave it out',
    'status_code_mappings': NOT_AN_ANSWER,
    'tokenizer_only': 'a tokenizer answers nothing; leave it out',
    'use_fastchat_template': 'write the template as chat_template_kwargs=dict(chat_template=...)',
}
"""Keys of OpenCompass's models that a class here may not have: what to do in their place."""

SMALLEST: Mapping[str, float] = {
    'batch_size': 1,
    'ice_num': 0,
    'limit': 0,
    'max_out_len': 1,
    'max_seq_len': 1,
    'max_workers': 1,
    'min_out_len': 0,
    'n': 1,
    'num_gpus': 0,
    'num_procs': 1,
    'num_replicas': 1,
    'query_per_second': 0,
    'retry': 0,
    'startup_timeout': 1,
    'temperature': 0,
}

FREE_KEYS = frozenset(
    {
        'adapters',
        'chat_template_kwargs',
        'engine_config',
        'extra_body',
        'gen_config',
        'generation_kwargs',
        'messages',
        'meta_template',
        'model_kwargs',
        'openai_extra_kwargs',
        'peft_kwargs',
        'template',
        'tokenizer_kwargs',
    }
)
"""Keys whose value is somebody else's: a `type` in there is no class of ours."""

NAMES = {str: 'a text', int: 'a whole number', float: 'a number', dict: 'a dict', list: 'a list'}


def check_value(key: str, value: Any, place: str) -> None:
    """Raise `ConfigError` if `value` is not what `key` means, for instance `batch_size='8'`."""
    allowed = VALUE_TYPES.get(key)
    if value is None or allowed is None:
        return
    if not isinstance(value, allowed) or isinstance(value, bool):
        kinds = ' or '.join(NAMES[kind] for kind in allowed if kind in NAMES)
        shown = 'a ' + type(value).__name__ if key == 'key' else f'{value!r:.60}'
        raise ConfigError(f'{place}: {shown} is not {kinds}')
    if isinstance(value, int | float) and value < SMALLEST.get(key, value):
        raise ConfigError(f'{place}: {value!r} is less than {SMALLEST[key]:g}')


def check_keys(cfg: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    """Raise `ConfigError` for the first key of `cfg` that is not known."""
    if not isinstance(cfg, Mapping):
        raise ConfigError(f'{place}: {cfg!r:.60} is not a dict')
    for key in cfg:
        if key not in known:
            otherwise = f'; known are {", ".join(known)}'
            raise ConfigError(
                f'{place}.{key}: unknown key{did_you_mean(key, known, otherwise=otherwise)}'
            )


def check_replaced(cfg: Mapping[str, Any], known: Collection[str], place: str) -> None:
    """Raise `ConfigError` for a key that OpenCompass has and `known` has not, with the remedy."""
    for key in cfg:
        if key in REPLACED and key not in known:
            raise ConfigError(f'{place}.{key}: {REPLACED[key]}')


def check_values(cfg: Mapping[str, Any], place: str) -> None:
    """Raise `ConfigError` for the first value of `cfg` that is not what its key means."""
    for key, value in cfg.items():
        check_value(key, value, f'{place}.{key}')
