"""`--serve`: each model of a run has a server of its own, which is there while it is asked."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.accelerate import Served
from evalkit.cli.accelerator import Accelerator
from evalkit.config import resolve_type
from evalkit.errors import ConfigError
from evalkit.models.identity import model_identity
from evalkit.servers import Place, Server, ServerCommand, find_python, free_place, server_command
from evalkit.store import Workspace
from evalkit.store.keys import content_hash

SHOWN_DIGITS = 12


@dataclass(frozen=True)
class Plan:
    """The server of one model."""

    command: ServerCommand
    place: Place
    python: str
    served_by: str
    is_chat: bool


class Fleet:
    """Plans the servers of a run, and starts them one at a time."""

    def __init__(self, arguments: Namespace) -> None:
        self.engine: str = arguments.serve
        self.extra: list[str] = list(arguments.server_args)
        self.timeout: float = arguments.server_timeout
        self.plans: dict[str, Plan] = {}

    def find(self, model: Mapping[str, Any]) -> Served:
        """Return where a Hugging Face model will be served, and as what."""
        plan = self.plans.get(model['abbr']) or self.plan(model)
        self.plans[model['abbr']] = plan
        return Served(plan.place.base, plan.command.model, plan.served_by)

    def plan(self, model: Mapping[str, Any]) -> Plan:
        """Choose a place, and find every mistake that can be found before the start."""
        place = free_place()
        return Plan(
            command=server_command(model, self.engine, place, self.extra),
            place=place,
            python=find_python(self.engine, model).path,
            served_by=self.identity(model, place),
            is_chat=resolve_type(model['type']).is_chat,
        )

    def identity(self, model: Mapping[str, Any], place: Place) -> str:
        """Name what is loaded: a client's config says nothing of dtypes, adapters and revisions."""
        loaded = [model_identity(model), self.extra, place.has_gpus]
        return f'{self.engine} {content_hash(loaded)[:SHOWN_DIGITS]}'

    def plan_of(self, abbr: str, accelerator: Accelerator) -> Plan | None:
        """Return the server of a converted model, if it has one."""
        found = (before['abbr'] for before, after in accelerator.pairs if after['abbr'] == abbr)
        return self.plans.get(next(found, ''))

    def check_judges(self, cfg: Mapping[str, Any], accelerator: Accelerator) -> None:
        """Refuse judges: they are asked while answers are scored, when the servers are gone."""
        answering = {model['abbr'] for model in cfg['models']}
        for before, after in accelerator.pairs:
            if after['abbr'] not in answering:
                raise ConfigError(
                    f'--serve starts servers for the models that answer, and {before["abbr"]} is a '
                    'judge: start one with `evalkit serve`, and write the judge as an OpenAISDK '
                    'with its address'
                )

    def start(self, plan: Plan, workspace: Workspace, on_failure: Callable[[], None]) -> Server:
        """Start a server; its log is among those of the run."""
        return Server(
            plan.command,
            plan.place,
            plan.python,
            Path(workspace.logs, 'serve', f'{plan.served_by.replace(" ", "-")}.log'),
            is_chat=plan.is_chat,
            on_failure=on_failure,
        )
