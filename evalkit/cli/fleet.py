"""`--serve`: each model and judge of a run has its own server, which is there while it is asked."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.accelerate import Served
from evalkit.config import resolve_type
from evalkit.models.identity import model_identity
from evalkit.servers import Place, Server, ServerCommand, find_python, free_place, server_command
from evalkit.store import Workspace
from evalkit.store.keys import content_hash
from evalkit.tasks.base import num_gpus

SHOWN_DIGITS = 12


@dataclass(frozen=True)
class Plan:
    """The server of one model."""

    command: ServerCommand
    place: Place
    python: str
    served_by: str
    is_chat: bool
    num_gpus: int


class Fleet:
    """Plans the servers of a run, and starts them one at a time."""

    def __init__(self, arguments: Namespace) -> None:
        self.engine: str = arguments.serve
        self.extra: list[str] = list(arguments.server_args)
        self.timeout: float = arguments.server_timeout
        self.plans: dict[str, Plan] = {}

    def find(self, model: Mapping[str, Any]) -> Served:
        """Return where a Hugging Face model will be served, and as what."""
        key = content_hash(model)  # a judge may have the abbr of another model
        plan = self.plans.get(key) or self.plan(model)
        self.plans[key] = plan
        return Served(plan.place.base, plan.command.model, plan.served_by)

    def plan(self, model: Mapping[str, Any]) -> Plan:
        """Choose a place, and find every mistake that can be found before the start."""
        place = self.place()
        return Plan(
            command=server_command(model, self.engine, place, self.extra),
            place=place,
            python=find_python(self.engine, model).path,
            served_by=self.identity(model, place),
            is_chat=resolve_type(model['type']).is_chat,
            num_gpus=num_gpus(model.get('run_cfg')),
        )

    def identity(self, model: Mapping[str, Any], place: Place) -> str:
        """Name what is loaded: a client's config says nothing of dtypes, adapters and revisions."""
        loaded = [model_identity(model), self.extra, place.has_gpus]
        return f'{self.engine} {content_hash(loaded)[:SHOWN_DIGITS]}'

    def place(self) -> Place:
        """Return a place that no other server of the run has: its address tells them apart."""
        taken = {plan.place for plan in self.plans.values()}
        return next(place for place in iter(free_place, None) if place not in taken)

    def plan_of(self, model: Mapping[str, Any]) -> Plan | None:
        """Return the server that a converted model asks, if this run starts it."""
        asked = model.get('openai_api_base')
        return next((plan for plan in self.plans.values() if plan.place.base == asked), None)

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
