"""Which runner a stage has: what the config says, and what flags say instead."""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from evalkit.config import arguments_of, build, resolve_type, type_path
from evalkit.errors import ConfigError
from evalkit.runners import BaseRunner, RayRunner, SlurmRunner

RUNNERS = {'local': 'LocalRunner', 'ray': 'RayRunner', 'slurm': 'SlurmRunner'}
"""Values of `--runner`."""

SCORING_RUNNERS = {**RUNNERS, 'ray': 'LocalRunner'}
"""Who scores then: Ray's replicas hold engines, and scoring needs none."""

RUNNER_FLAGS = (
    'max_num_workers',
    'max_workers_per_gpu',
    'retry',
    'num_replicas',
    'address',
    'partition',
    'quotatype',
    'qos',
)
"""Flags that set the runner's key of the same name."""


def make_runners(cfg: Mapping[str, Any], arguments: Namespace) -> dict[str, BaseRunner]:
    """Build the runner of each stage; ConfigError for a flag that none of them takes."""
    wanted = {
        'infer': wanted_runner(cfg, 'infer', RUNNERS.get(arguments.runner)),
        'eval': wanted_runner(cfg, 'eval', SCORING_RUNNERS.get(arguments.runner)),
    }
    flags = {name: getattr(arguments, name) for name in RUNNER_FLAGS}
    given = {name: value for name, value in flags.items() if value is not None}
    check_flags(given, wanted)
    return {
        stage: build({**runner, **accepted(given, runner), 'debug': arguments.debug})
        for stage, runner in wanted.items()
    }


def asks_elsewhere(cfg: Mapping[str, Any], arguments: Namespace) -> bool:
    """Whether models run on other machines, whose GPUs and engines are not seen from here."""
    runner = wanted_runner(cfg, 'infer', RUNNERS.get(arguments.runner))
    made_of = resolve_type(runner['type'])
    if arguments.debug or not isinstance(made_of, type):
        return False
    has_address = bool(arguments.address or runner.get('address'))
    return issubclass(made_of, SlurmRunner) or (issubclass(made_of, RayRunner) and has_address)


def wanted_runner(cfg: Mapping[str, Any], stage: str, by_flag: str | None) -> dict[str, Any]:
    """Return the config of a stage's runner; `by_flag` replaces one of another type."""
    runner = dict(cfg.get(stage, {}).get('runner', {'type': 'LocalRunner'}))
    runner.pop('task', None)  # OpenCompass names the task's class here; ours follows the stage
    if by_flag is None or resolve_type(runner['type']) is resolve_type(by_flag):
        return runner
    return {'type': type_path(resolve_type(by_flag))}


def accepted(flags: Mapping[str, Any], runner: Mapping[str, Any]) -> dict[str, Any]:
    """Return those flags that a runner takes."""
    known = arguments_of(resolve_type(runner['type']))
    return {name: value for name, value in flags.items() if known is None or name in known}


def check_flags(given: Mapping[str, Any], wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise ConfigError for a flag without effect, with the runner that knows it."""
    for name in given:
        if any(accepted({name: None}, runner) for runner in wanted.values()):
            continue
        takers = [flag for flag, path in RUNNERS.items() if accepted({name: None}, {'type': path})]
        flag = '--' + name.replace('_', '-')
        raise ConfigError(f'{flag} is a flag of another runner: add --runner {takers[0]}')
