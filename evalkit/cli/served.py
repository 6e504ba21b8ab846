"""The stages of a run whose models are served by this run itself."""

import os
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from evalkit.cli.fleet import Fleet, Plan
from evalkit.cli.open_books import is_anything_open
from evalkit.cli.stages import Stages
from evalkit.cli.terminal import say
from evalkit.errors import BackendError, ConfigError, ExitCode
from evalkit.runners import LocalRunner, TaskStatus
from evalkit.runners.devices import visible_gpus
from evalkit.runners.interrupts import Interrupts
from evalkit.servers import Server
from evalkit.store import Workspace
from evalkit.tasks import Task


class ServedStages(Stages):
    """Starts the server of each model, runs the tasks of that model, and stops the server."""

    def __init__(self, cfg: Mapping[str, Any], arguments: Namespace, fleet: Fleet) -> None:
        super().__init__(cfg, arguments)
        self.fleet = fleet
        self.was_cut_short = False
        if not isinstance(self.runners['infer'], LocalRunner):
            raise ConfigError(
                '--serve starts servers on this machine, so that the tasks have to be here, too: '
                'use the LocalRunner, or start a server with `evalkit serve --host 0.0.0.0`'
            )

    @property
    def is_interrupted(self) -> bool:
        """Whether the user stopped a stage, or a server while it started."""
        return self.was_cut_short or super().is_interrupted

    def launch(
        self, stage: str, tasks: Sequence[Task], workspace: Workspace
    ) -> Sequence[TaskStatus]:
        """Run the tasks that ask, models or judges, one by one; those that score need no server."""
        if stage == 'eval':
            return super().launch(stage, tasks, workspace)
        self.check_gpus(tasks)
        statuses: dict[str, TaskStatus] = {}
        for _, group in groupby(sorted(tasks, key=asked_of), key=asked_of):
            for status in self.run_model(stage, list(group), workspace):
                statuses[status.name] = status
        return [statuses[task.name] for task in tasks]

    def check_gpus(self, tasks: Sequence[Task]) -> None:
        """Raise ConfigError, before any server is started, if one needs more GPUs than there are.

        The tasks themselves ask for none, so that the runner does not see it.
        """
        num_here = len(visible_gpus(os.environ))
        for task in tasks:
            plan = self.fleet.plan_of(task.model)
            if plan is not None and plan.num_gpus > num_here > 0:
                raise ConfigError(
                    f'the server of {task.model["abbr"]} asks for {plan.num_gpus} GPUs, but here '
                    f'are {num_here}: lower run_cfg.num_gpus of the model'
                )

    def run_model(
        self, stage: str, tasks: Sequence[Task], workspace: Workspace
    ) -> Sequence[TaskStatus]:
        """Run the tasks of one model, with its server if it has one."""
        if self.is_interrupted:
            return ended(tasks, ExitCode.INTERRUPTED, 'not started: interrupted', workspace.logs)
        plan = self.fleet.plan_of(tasks[0].model)
        if plan is None:
            return super().launch(stage, tasks, workspace)
        if not any(is_anything_open(task, workspace) for task in tasks):
            say(f'--serve: {tasks[0].model["abbr"]} has answered everything; no server is started')
            return super().launch(stage, tasks, workspace)
        runner = self.runner(stage)
        with self.fleet.start(plan, workspace, runner.stop_early) as server:
            try:
                self.await_server(server, plan)
            except KeyboardInterrupt:
                self.was_cut_short = True
                return ended(tasks, ExitCode.INTERRUPTED, 'interrupted', server.log_path)
            except BackendError as error:
                say(f'{error}\n' + '\n'.join(f'  {line}' for line in server.log_tail))
                return ended(tasks, error.exit_code, str(error), server.log_path)
            statuses = runner.run(tasks, workspace)
        return statuses if server.failure is None else self.failed(server, statuses)

    def await_server(self, server: Server, plan: Plan) -> None:
        """Wait until the server answers, and say so."""
        say(f'--serve: starting {plan.command.package}, which says more in {server.log_path}')
        with Interrupts() as interrupts:
            seconds = server.wait_until_ready(self.fleet.timeout, lambda: interrupts.count > 0)
        say(f'--serve: {plan.place.base} answers after {seconds:.0f} s as {plan.command.model}')

    def failed(self, server: Server, statuses: Sequence[TaskStatus]) -> Sequence[TaskStatus]:
        """Say of the tasks that were stopped that it was for want of a server."""
        runner = self.runners['infer']
        if runner.stopped_early:
            runner.interrupted = False
        reason = f'the server died too often: {server.failure}; see {server.log_path}'
        return [
            replace(status, returncode=int(ExitCode.INCOMPLETE), reason=reason)
            if status.exit_code != ExitCode.COMPLETE
            else status
            for status in statuses
        ]


def asked_of(task: Task) -> tuple[str, str]:
    """Return the model of a task, and where it is asked: a judge may be called as another."""
    return str(task.model['abbr']), str(task.model.get('openai_api_base'))


def ended(tasks: Sequence[Task], code: ExitCode, reason: str, log: Path) -> Sequence[TaskStatus]:
    """Return the statuses of tasks that were never run."""
    return [TaskStatus(task.name, int(code), 0, reason, log) for task in tasks]
