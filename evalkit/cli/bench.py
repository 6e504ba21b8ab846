"""`evalkit bench`: one config on several backends, and the table to choose an engine by."""

from argparse import Namespace
from collections.abc import Sequence

from evalkit.cli.entrants import (
    Entrant,
    check_any,
    contenders,
    make_entrants,
    open_comparison,
    read_config,
    together,
)
from evalkit.cli.outcome import exit_code, explain_failures
from evalkit.cli.resume import resume_command
from evalkit.cli.run import save_config
from evalkit.cli.stages import STAGES, Done, Stages
from evalkit.cli.terminal import relative, say, show_table
from evalkit.errors import EvalkitError, ExitCode, StoreError
from evalkit.store import RunLock, Workspace, preflight, write_json
from evalkit.summarizers import Summary
from evalkit.summarizers.contest import Line, compare
from evalkit.summarizers.contest_table import bench_table, failures, write_bench
from evalkit.summarizers.remarks import remarks


def bench(arguments: Namespace) -> int:
    """Run a config on one backend after another, print how they compare, return the exit code."""
    # Two tasks at a time would measure each other.
    num_workers = arguments.max_num_workers or 1
    arguments = Namespace(**{**vars(arguments), 'max_num_workers': num_workers})
    cfg = read_config(arguments)
    entrants = make_entrants(cfg, arguments)
    check_any(entrants)
    able = [entrant for entrant in entrants if entrant.failure is None]
    stages = {entrant.backend: Stages(entrant.cfg, arguments) for entrant in able}
    whole = together(cfg, able)
    summarizing = Stages(whole, arguments)
    workspace = open_comparison(arguments, cfg, 'bench')
    preflight(workspace.root)
    with RunLock(workspace.root):
        save_config(whole, workspace)
        say(f'run: {workspace.root}')
        done: Done = []
        for backend, its_stages in stages.items():
            say(f'{backend}:')
            done += run_backend(its_stages, workspace)
            if its_stages.is_interrupted:
                return interrupted(arguments, workspace)
        # A model has the same `summarizer_abbr` on each backend, and here a column for each.
        summary = summarizing.summarizer.summarize(workspace, summarizing.pairs())
        lines = compare(workspace, contenders(cfg, entrants))
        write_bench(lines, workspace.summary)
        show(lines, summary, workspace)
        return outcome(done, summary, entrants, arguments, workspace)


def run_backend(stages: Stages, workspace: Workspace) -> Done:
    """Ask and score on one backend; one that cannot even be started has results that say why."""
    done: Done = []
    try:
        for stage in STAGES['all']:
            done += stages.run(stage, workspace)
            if stages.is_interrupted:
                return done
    except StoreError:
        raise
    except EvalkitError as error:
        for dataset, model in stages.pairs():
            names = {'dataset': dataset, 'model': model}
            write_json(workspace.results(model, dataset), {**names, 'error': str(error)})
    explain_failures(done, workspace)
    return done


def interrupted(arguments: Namespace, workspace: Workspace) -> int:
    """Say how to go on."""
    command = resume_command(arguments, workspace)
    say(f'interrupted; every answer so far is kept. To go on:\n  {command}')
    return ExitCode.INTERRUPTED


def show(lines: Sequence[Line], summary: Summary, workspace: Workspace) -> None:
    """Print the table, what must be known about it, and where it is."""
    show_table(bench_table(lines))
    say('')
    about_answers = [line for line in remarks(summary) if not line.startswith('FAILED')]
    for line in (*failures(lines), *about_answers):
        say(line)
    say(f'summary: {relative(workspace.summary)}/bench.{{md,csv,json}}')


def outcome(
    done: Done,
    summary: Summary,
    entrants: Sequence[Entrant],
    arguments: Namespace,
    workspace: Workspace,
) -> int:
    """Return the exit code; a backend that cannot run the config is a failure, too."""
    code = exit_code((status for _, status in done), summary)
    if code == ExitCode.INCOMPLETE:
        say(f'incomplete. To go on:\n  {resume_command(arguments, workspace)}')
    if code == ExitCode.COMPLETE and any(entrant.failure for entrant in entrants):
        return ExitCode.FAILED
    return code
