"""The backends of a comparison, each with the config as it runs there."""

import os
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from evalkit.cli.accelerator import Accelerator, Convert, convert_entry
from evalkit.cli.backend import check_server
from evalkit.cli.run import checked_config, without_secrets, work_dir
from evalkit.errors import ConfigError
from evalkit.runners.devices import visible_gpus
from evalkit.store import Workspace, find_run, new_run
from evalkit.summarizers.contest import Contender
from evalkit.tasks.columns import abbr_of
from evalkit.tasks.validate import validate

HUGGING_FACE = 'hf'
Cfg = Mapping[str, Any]


@dataclass(frozen=True)
class Entrant:
    """One backend: its config, or the reason why it has none.

    `names` maps the abbr of each model in the config to its abbr here.
    """

    backend: str
    cfg: Cfg = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    failure: str | None = None


def read_config(arguments: Namespace) -> dict[str, Any]:
    """Return the config that the command line asks for, checked, with one task a model.

    The engine is loaded once then, and its time can be compared.
    """
    cfg = checked_config(arguments)
    infer = {key: value for key, value in cfg.get('infer', {}).items() if key != 'partitioner'}
    return {**cfg, 'infer': infer}


def make_entrants(cfg: Cfg, arguments: Namespace) -> list[Entrant]:
    """Return an entrant a backend, in the order of the command line."""
    repeated = {name for name in arguments.backends if arguments.backends.count(name) > 1}
    if repeated:
        raise ConfigError(f'--backends names {", ".join(sorted(repeated))} more than once')
    check_server(arguments, '--backends openai', is_asked='openai' in arguments.backends)
    return [make_entrant(cfg, backend, arguments) for backend in arguments.backends]


def check_any(entrants: Sequence[Entrant]) -> None:
    """Raise ConfigError if not one backend can run the config."""
    if all(entrant.failure for entrant in entrants):
        reasons = '; '.join(f'{entrant.backend}: {entrant.failure}' for entrant in entrants)
        raise ConfigError(f'no backend can run this config: {reasons}')


def make_entrant(cfg: Cfg, backend: str, arguments: Namespace) -> Entrant:
    """Convert the models of a config; judges stay what they are, or they would be compared, too."""
    if backend == HUGGING_FACE:
        return Entrant(backend, cfg, {model['abbr']: model['abbr'] for model in cfg['models']})
    convert = Accelerator(
        backend,
        api_base=arguments.api_base,
        api_model=arguments.api_model,
        has_gpus=bool(visible_gpus(os.environ)),
    )
    try:
        changed = with_models(cfg, convert)
        convert.check_one_model()
        checked = without_secrets(validate(changed, arguments.config))
    except ConfigError as error:
        return Entrant(backend, failure=str(error))
    if convert.left:
        names = ', '.join(str(model['abbr']) for model in convert.left)
        return Entrant(backend, failure=f'{names}: no Hugging Face model that could be converted')
    pairs = zip(cfg['models'], checked['models'], strict=True)
    return Entrant(backend, checked, {before['abbr']: after['abbr'] for before, after in pairs})


def with_models(cfg: Cfg, convert: Convert) -> dict[str, Any]:
    """Return the config with its models converted, and nothing else."""
    models = [convert(model) for model in cfg['models']]
    before = (model['abbr'] for model in cfg['models'])
    names = dict(zip(before, (model['abbr'] for model in models), strict=True))
    changed = {**cfg, 'models': models}
    if 'model_dataset_combinations' in cfg:
        changed['model_dataset_combinations'] = [
            {**entry, 'models': [convert_entry(model, names, convert) for model in entry['models']]}
            for entry in cfg['model_dataset_combinations']
        ]
    return changed


def together(cfg: Cfg, entrants: Sequence[Entrant]) -> dict[str, Any]:
    """Return one config with the models of all entrants: what the run is saved as."""
    able = [entrant.cfg for entrant in entrants]
    whole = {**cfg, 'models': [model for each in able for model in each['models']]}
    if 'model_dataset_combinations' in cfg:
        whole['model_dataset_combinations'] = [
            entry for each in able for entry in each['model_dataset_combinations']
        ]
    return whole


def contenders(cfg: Cfg, entrants: Sequence[Entrant]) -> list[Contender]:
    """Return each model that is asked anything on each backend."""
    return [
        Contender(
            model=model['abbr'],
            backend=entrant.backend,
            abbr=entrant.names.get(model['abbr'], model['abbr']),
            datasets=datasets,
            failure=entrant.failure,
        )
        for model in cfg['models']
        if (datasets := datasets_of(cfg, model['abbr']))
        for entrant in entrants
    ]


def datasets_of(cfg: Cfg, model: str) -> list[str]:
    """Return the abbrs of what a model is asked."""
    combinations = cfg.get('model_dataset_combinations') or [cfg]
    return [
        abbr_of(dataset)
        for entry in combinations
        if model in map(abbr_of, entry['models'])
        for dataset in entry['datasets']
    ]


def open_comparison(arguments: Namespace, cfg: dict[str, Any], kind: str) -> Workspace:
    """Begin a comparison, or go on with one.

    It has a folder of its own beside that of the evaluations of the config, or `run.py -r` would
    go on with it.
    """
    folder = work_dir(arguments, cfg)
    if arguments.work_dir is None:
        folder = folder.with_name(f'{folder.name}-{kind}')
    return find_run(folder, arguments.reuse) if arguments.reuse else new_run(folder, datetime.now())
