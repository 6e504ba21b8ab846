"""`evalkit parity`: do backends read the same prompts, and answer the same?"""

from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from evalkit.cli.entrants import (
    Entrant,
    check_any,
    contenders,
    make_entrants,
    open_comparison,
    read_config,
    together,
)
from evalkit.cli.run import save_config
from evalkit.cli.stages import Stages
from evalkit.cli.terminal import relative, say, show_table
from evalkit.errors import ConfigError, EvalkitError, ExitCode, StoreError
from evalkit.store import RunLock, Workspace, preflight
from evalkit.summarizers.contest import Contender
from evalkit.summarizers.parity import Agreement, agreements
from evalkit.summarizers.parity_table import notes, parity_table, write_parity
from evalkit.tasks.probes import Probe


def parity(arguments: Namespace) -> int:
    """Probe each backend in processes of its own, print how they differ, return the exit code."""
    cfg = read_config(arguments)
    entrants = make_entrants(cfg, arguments)
    check_any(entrants)
    if len(entrants) == 1:
        raise ConfigError('--backends needs two at least: the first is what others are compared to')
    if entrants[0].failure:
        raise ConfigError(f'{entrants[0].backend} is what the others are compared with, '
                          f'and cannot run this config: {entrants[0].failure}')  # fmt: skip
    able = [entrant for entrant in entrants if entrant.failure is None]
    workspace = open_comparison(arguments, cfg, 'parity')
    preflight(workspace.root)
    with RunLock(workspace.root):
        save_config(together(cfg, able), workspace)
        say(f'run: {workspace.root}')
        failures: dict[str, str] = {}
        for entrant in able:
            say(f'{entrant.backend}:')
            stages = Stages(entrant.cfg, arguments)
            failures |= probe_all(stages, entrant, entrants[0], workspace)
            if stages.is_interrupted:
                say('interrupted')
                return ExitCode.INTERRUPTED
        lines = compare(contenders(cfg, entrants), failures, workspace)
        write_parity(lines, workspace.summary)
        show(lines, workspace)
        return ExitCode.COMPLETE if all(line.is_equal for line in lines) else ExitCode.FAILED


def probe_all(
    stages: Stages, entrant: Entrant, reference: Entrant, workspace: Workspace
) -> dict[str, str]:
    """Probe the models of a backend; return the reasons of those that failed, by their abbr."""
    origins = {name: origin for origin, name in entrant.names.items()}
    tasks = []
    failures = {}
    whole = stages.tasks('infer', workspace)
    for task in chain.from_iterable(task.apart() for task in whole):
        abbr = task.model['abbr']
        compared_with = reference.names[origins[abbr]]
        if entrant is reference:
            tasks.append(replace(task, kind='probe'))
        elif workspace.probe(compared_with).exists():
            tasks.append(replace(task, kind='probe', reference=compared_with))
        else:
            failures[abbr] = f'{reference.backend} failed, so that there is nothing to compare with'
    try:
        statuses = stages.runners['infer'].run(tasks, workspace)
    except StoreError:
        raise
    except EvalkitError as error:
        return {**failures, **{task.model['abbr']: str(error) for task in tasks}}
    for task, status in zip(tasks, statuses, strict=True):
        if status.returncode != ExitCode.COMPLETE:
            failures[task.model['abbr']] = status.reason
    return failures


def compare(
    rivals: Sequence[Contender], failures: dict[str, str], workspace: Workspace
) -> list[Agreement]:
    """Return a line for each model, backend and dataset."""
    first = {rival.model: rival.abbr for rival in reversed(rivals)}
    lines: list[Agreement] = []
    for rival in rivals:
        reason = rival.failure or failures.get(rival.abbr)
        if reason is None:
            paths = (workspace.probe(abbr) for abbr in (first[rival.model], rival.abbr))
            reference, other = (Probe.read(path) for path in paths)
            lines += agreements(rival.model, rival.backend, reference, other, rival.datasets)
        else:
            lines += [
                Agreement(rival.model, dataset, rival.backend, error=reason)
                for dataset in rival.datasets
            ]
    return lines


def show(lines: Sequence[Agreement], workspace: Workspace) -> None:
    """Print the table, the first differences, and where they are."""
    show_table(parity_table(lines))
    say('')
    for note in notes(lines):
        say(note)
    say(f'summary: {relative(workspace.summary)}/parity.{{md,csv,json}}')
