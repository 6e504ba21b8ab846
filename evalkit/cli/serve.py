"""`evalkit serve`: a model of a config behind an OpenAI-compatible address."""

import shlex
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalkit.catalog import load_named
from evalkit.cli.run import without_secrets
from evalkit.cli.terminal import say
from evalkit.config import did_you_mean, load_config, resolve_type
from evalkit.errors import BackendError, ConfigError, ExitCode
from evalkit.models.adapters import with_adapters
from evalkit.runners.interrupts import Interrupts
from evalkit.servers import Server, find_python, free_place, server_command
from evalkit.store.names import safe_name
from evalkit.tasks.parts import default_abbr


def serve(arguments: Namespace) -> int:
    """Start the server, say where it is, and serve until Ctrl-C."""
    model = without_secrets({'model': the_model(arguments)})['model']
    python = find_python(arguments.engine, model)
    place = free_place(arguments.host, arguments.port)
    command = server_command(model, arguments.engine, place, arguments.server_args)
    log = log_path(arguments, model)
    say(f'starting {arguments.engine}; its log is {log}')
    is_chat = resolve_type(model['type']).is_chat
    with (
        Interrupts() as interrupts,
        Server(command, place, python.path, log, is_chat=is_chat, restarts=0) as server,
    ):
        try:
            seconds = server.wait_until_ready(
                arguments.server_timeout, lambda: interrupts.count > 0
            )
            say(f'ready after {seconds:.0f} s. To ask it:\n  {ask_command(arguments, server)}')
            say('Ctrl-C ends it')
            server.wait(lambda: interrupts.count > 0)
        except BackendError:
            say('\n'.join(f'  {line}' for line in server.log_tail))
            raise
    return ExitCode.COMPLETE


def ask_command(arguments: Namespace, server: Server) -> str:
    """Return the command that evaluates the served model."""
    config = [str(arguments.config)] if arguments.config else []
    models = ['--models', *arguments.models] if arguments.models else []
    address = ['--api-base', server.place.base, '--api-model', server.command.model]
    choice = ['--abbr', arguments.abbr] if arguments.abbr else []
    return shlex.join(['python', 'run.py', *config, *models, *choice, '-a', 'openai', *address])


def log_path(arguments: Namespace, model: Mapping[str, Any]) -> Path:
    """Return the file for what the server says."""
    folder = arguments.work_dir or Path('outputs', 'serve')
    return Path(folder, f'{safe_name(name_of(model))}-{arguments.engine}.log')


def the_model(arguments: Namespace) -> dict[str, Any]:
    """Return the one model that is asked for."""
    named = [{**model, 'abbr': name_of(model)} for model in models_of(arguments)]
    found = [each for model in named for each in with_adapters(model)]
    by_name = {name_of(model): model for model in found}
    if arguments.abbr is not None:
        if arguments.abbr not in by_name:
            near = did_you_mean(
                arguments.abbr, by_name, otherwise=f'; here are {", ".join(by_name)}'
            )
            raise ConfigError(f'there is no model {arguments.abbr}{near}')
        return by_name[arguments.abbr]
    if len(found) != 1:
        names = ', '.join(by_name) or 'none'
        raise ConfigError(f'one model can be served, and here are {names}: choose with --abbr')
    return found[0]


def models_of(arguments: Namespace) -> list[dict[str, Any]]:
    """Return the models of the config file, or of the named configs."""
    if arguments.models:
        return [model for name in arguments.models for model in load_named('models', name)]
    if arguments.config is None:
        raise ConfigError('name a config file, or a model config with --models')
    cfg = load_config(arguments.config)
    listed: list[dict[str, Any]] | None = cfg.get('models')
    return combined_models(cfg) if listed is None else listed


def combined_models(cfg: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return each model of a config whose models stand in its combinations alone."""
    entries = cfg.get('model_dataset_combinations') or ()
    listed = [model for entry in entries for model in entry['models'] if not isinstance(model, str)]
    return [model for number, model in enumerate(listed) if model not in listed[:number]]


def name_of(model: Mapping[str, Any]) -> str:
    """Return the abbr of a model, or what `run.py` calls it without one."""
    return str(model.get('abbr') or default_abbr(resolve_type(model.get('type')), model))
