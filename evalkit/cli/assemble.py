"""From the command line to one config: a file, named configs, or a Hugging Face path."""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalkit.catalog import load_named
from evalkit.cli.custom import flagged_dataset, with_custom_datasets
from evalkit.cli.llama_factory import is_predict, load_predict
from evalkit.cli.terminal import say
from evalkit.config import did_you_mean, load_config
from evalkit.errors import ConfigError

HUGGING_FACE = {
    'chat': 'evalkit.models.HuggingFacewithChatTemplate',
    'base': 'evalkit.models.HuggingFaceBaseModel',
}

MAX_OUT_LEN = 512
"""New tokens of a model that is given by its path alone."""

NUM_GPUS = 1
"""GPUs of such a model; where there is none, it runs on the CPU all the same."""

FLAGS = (
    ('models', '--models or --hf-path'),
    ('datasets', '--datasets, --custom-dataset-path or --llamafactory-dataset'),
)
"""What a run cannot do without, and the flags that name it."""

HUGGING_FACE_FLAGS = (
    'max_out_len',
    'model_kwargs',
    'tokenizer_path',
    'tokenizer_kwargs',
    'peft_path',
    'adapters',
    'peft_kwargs',
    'generation_kwargs',
    'max_seq_len',
    'min_out_len',
    'batch_size',
    'pad_token_id',
    'stop_words',
)


def assemble(arguments: Namespace) -> dict[str, Any]:
    """Return the config that the command line asks for."""
    cfg = read_config(arguments.config) if arguments.config else {}
    cfg = {**cfg, **named(arguments)}
    if 'datasets' in cfg:
        cfg['datasets'] = with_custom_datasets(cfg['datasets'])
    for key, flags in FLAGS:
        is_misspelt = bool(did_you_mean(key, cfg, cutoff=0.8))  # `validate` says so
        if key not in cfg and 'model_dataset_combinations' not in cfg and not is_misspelt:
            where = arguments.config or 'the command line'
            raise ConfigError(f'{where} names no {key}: give a config that sets them, or {flags}')
    if arguments.limit:
        cfg = limited(cfg, arguments.limit)
    return cfg


def read_config(path: Path) -> dict[str, Any]:
    """Return the config of a file, which may be one of LLaMA-Factory's; what that means is said."""
    if not is_predict(path):
        return load_config(path)
    predict = load_predict(path)
    for note in predict.notes:
        say(f'{path}: {note}')
    return predict.cfg


def named(arguments: Namespace) -> dict[str, Any]:
    """Return what flags name; a flag replaces what the config file says."""
    found: dict[str, Any] = {}
    if not arguments.hf_path:
        refuse_hugging_face_flags(arguments)
    if arguments.models or arguments.hf_path:
        models = [model for name in arguments.models or () for model in load_named('models', name)]
        found['models'] = models + ([hugging_face(arguments)] if arguments.hf_path else [])
    custom = flagged_dataset(arguments)
    if arguments.datasets or arguments.llamafactory_dataset or custom:
        datasets = [
            dataset for name in arguments.datasets or () for dataset in load_named('datasets', name)
        ]
        found['datasets'] = datasets + llama_factory_datasets(arguments) + custom
    if arguments.summarizer:
        [found['summarizer']] = load_named('summarizers', arguments.summarizer)
    return found


def llama_factory_datasets(arguments: Namespace) -> list[dict[str, Any]]:
    """Return a dataset config for each name that `--llamafactory-dataset` gives."""
    names = (arguments.llamafactory_dataset or '').split(',')
    return [
        {
            'type': 'evalkit.datasets.LlamaFactoryDataset',
            'dataset': name.strip(),
            'dataset_dir': arguments.dataset_dir,
        }
        for name in names
        if name.strip()
    ]


def hugging_face(arguments: Namespace) -> dict[str, Any]:
    """Return the model config that the Hugging Face flags describe."""
    given = {key: getattr(arguments, key) for key in HUGGING_FACE_FLAGS}
    num_gpus = NUM_GPUS if arguments.hf_num_gpus is None else arguments.hf_num_gpus
    return {
        'type': HUGGING_FACE[arguments.hf_type or 'chat'],
        'abbr': f'{Path(arguments.hf_path).name}_hf',
        'path': arguments.hf_path,
        'max_out_len': MAX_OUT_LEN,
        'run_cfg': {'num_gpus': num_gpus},
        **{key: value for key, value in given.items() if value is not None},
    }


def refuse_hugging_face_flags(arguments: Namespace) -> None:
    """Refuse what describes a model by its path where there is none: it would have no effect."""
    for key in ('hf_type', 'hf_num_gpus', *HUGGING_FACE_FLAGS):
        if getattr(arguments, key) is not None:
            raise ConfigError(
                f'--{key.replace("_", "-")} describes the model of --hf-path, which is not given; '
                'a model of a config says it in its config'
            )


def limited(cfg: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """Return the config with every dataset cut to its first `limit` samples."""

    def cut(dataset: Any) -> Any:
        if not isinstance(dataset, Mapping):  # an abbr, or a mistake that `validate` names
            return dataset
        return {**dataset, 'reader_cfg': {**dataset.get('reader_cfg', {}), 'limit': limit}}

    changed = dict(cfg)
    if 'datasets' in cfg:
        changed['datasets'] = [cut(dataset) for dataset in cfg['datasets']]
    if 'model_dataset_combinations' in cfg:
        changed['model_dataset_combinations'] = [
            {**item, 'datasets': [cut(dataset) for dataset in item['datasets']]}
            for item in cfg['model_dataset_combinations']
        ]
    return changed
