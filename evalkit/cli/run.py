"""`evalkit run`: from a config to a table."""

import os
from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalkit.cli.assemble import assemble
from evalkit.cli.backend import (
    make_accelerator,
    make_fleet,
    record_of,
    say_conversions,
    say_forgotten,
    show_conversions,
)
from evalkit.cli.choice import with_chosen
from evalkit.cli.dry_run import show_plan
from evalkit.cli.export import export_answers
from evalkit.cli.imports import check_import, import_answers
from evalkit.cli.listing import show_configs
from evalkit.cli.llama_factory.results import publish, wanted_exports
from evalkit.cli.outcome import exit_code, explain_failures
from evalkit.cli.resume import resume_command
from evalkit.cli.runner import asks_elsewhere
from evalkit.cli.stages import STAGES, Done, Stages
from evalkit.cli.strict import refuse_stale
from evalkit.cli.terminal import say, show_summary
from evalkit.cli.unsafe_code import with_unsafe_code
from evalkit.config import dump_config, hide_secrets
from evalkit.errors import ExitCode
from evalkit.store import RunLock, Workspace, find_run, new_run, preflight, write_atomic
from evalkit.tasks.validate import validate
from evalkit.tasks.weights import check_judge_weights, check_weights

if TYPE_CHECKING:
    from evalkit.cli.fleet import Fleet


def run(arguments: Namespace) -> int:
    """Do what the command line asks for and return the exit code."""
    if arguments.list is not None:
        return show_configs(arguments.list)
    check_import(arguments)
    cfg = checked_config(arguments)
    check_folders(arguments, cfg)
    resumed = resumed_run(arguments, cfg) if arguments.accelerator == 'auto' else None
    fleet = make_fleet(arguments)
    is_elsewhere = asks_elsewhere(cfg, arguments)
    accelerator = make_accelerator(arguments, resumed, fleet, is_elsewhere=is_elsewhere)
    if accelerator is not None:
        cfg = without_secrets(validate(accelerator.convert(cfg), arguments.config))
    stages = make_stages(cfg, arguments, fleet)
    if arguments.dry_run:
        show_conversions(accelerator)
        return show_plan(stages, dry_workspace(arguments, cfg))
    say_conversions(accelerator)
    workspace = open_workspace(arguments, cfg)
    say_forgotten(cfg['models'], arguments, workspace)
    preflight(workspace.root)
    with RunLock(workspace.root):
        import_answers(arguments.from_opencompass, stages, workspace)
        if arguments.strict:
            refuse_stale(stages, workspace)
        save_config(cfg, workspace, record_of(accelerator))
        return run_stages(stages, workspace, arguments)


def make_stages(cfg: dict[str, Any], arguments: Namespace, fleet: 'Fleet | None') -> Stages:
    """Return what runs the stages, with servers of its own where `--serve` asks for them."""
    if fleet is None:
        return Stages(cfg, arguments)
    from evalkit.cli.served import ServedStages

    return ServedStages(cfg, arguments, fleet)


def checked_config(arguments: Namespace) -> dict[str, Any]:
    """Return the config that the command line asks for, without mistakes and secrets."""
    cfg = without_secrets(validate(assemble(arguments), arguments.config))
    if arguments.abbr:
        cfg = with_chosen(cfg, arguments.abbr)
    return with_unsafe_code(cfg) if arguments.allow_unsafe_code else cfg


def check_folders(arguments: Namespace, cfg: Mapping[str, Any]) -> None:
    """Find weights that are missing, of the models and judges that this run loads or serves."""
    if arguments.accelerator == 'openai' and not arguments.serve:
        return  # they are where the server is
    stages = STAGES.get(arguments.mode, ())
    for item in [cfg, *cfg.get('model_dataset_combinations', ())]:
        models = item['models'] if 'infer' in stages else ()
        datasets = item['datasets'] if 'judge' in stages else ()
        for model in (model for model in models if not isinstance(model, str)):
            check_weights(model)
        for dataset in (dataset for dataset in datasets if not isinstance(dataset, str)):
            check_judge_weights(dataset['eval_cfg'])


def without_secrets(cfg: dict[str, Any]) -> dict[str, Any]:
    """Return the config with references to its secrets, which this process and its tasks know."""
    hidden, secrets = hide_secrets(cfg)
    os.environ.update(secrets)
    return hidden


def work_dir(arguments: Namespace, cfg: dict[str, Any]) -> Path:
    """Return the folder that holds the runs of a config."""
    name = arguments.config.stem if arguments.config else 'default'
    return Path(arguments.work_dir or cfg.get('work_dir') or Path('outputs', name))


def open_workspace(arguments: Namespace, cfg: dict[str, Any]) -> Workspace:
    """Begin a run, or go on with one; what only scores or shows goes on with the last one."""
    return resumed_run(arguments, cfg) or new_run(work_dir(arguments, cfg), datetime.now())


def resumed_run(arguments: Namespace, cfg: dict[str, Any]) -> Workspace | None:
    """Return the run to go on with; None to begin one."""
    is_new = arguments.from_opencompass is not None and not arguments.reuse
    if arguments.reuse or (arguments.mode in ('eval', 'viz') and not is_new):
        return find_run(work_dir(arguments, cfg), arguments.reuse or 'latest')
    return None


def dry_workspace(arguments: Namespace, cfg: dict[str, Any]) -> Workspace:
    """Return the run that would go on, or the name of one that does not exist yet."""
    folder = work_dir(arguments, cfg)
    return find_run(folder, arguments.reuse) if arguments.reuse else Workspace(folder / 'new')


def save_config(cfg: dict[str, Any], workspace: Workspace, record: str = '') -> None:
    """Save the config as it is run, without secrets, beside those of earlier resumptions."""
    name = datetime.now().strftime('%Y%m%d_%H%M%S')
    write_atomic(workspace.configs / f'{name}.py', record + dump_config(cfg))


def run_stages(stages: Stages, workspace: Workspace, arguments: Namespace) -> int:
    """Ask, score and show, as far as the mode says."""
    say(f'run: {workspace.root}')
    done: Done = []
    for stage in STAGES.get(arguments.mode, ()):
        done += stages.run(stage, workspace)
        if stages.is_interrupted:
            command = resume_command(arguments, workspace)
            say(f'interrupted; every answer so far is kept. To go on:\n  {command}')
            return ExitCode.INTERRUPTED
    summary = None
    if arguments.mode != 'infer':
        explain_failures(done, workspace)
        summary = stages.summarize(workspace)
        show_summary(summary, workspace)
    export_answers(wanted_exports(arguments), stages, workspace)
    publish(arguments, stages.cfg, workspace)
    code = exit_code((status for _, status in done), summary)
    if code == ExitCode.INCOMPLETE:
        say(f'incomplete. To go on:\n  {resume_command(arguments, workspace)}')
    return code
