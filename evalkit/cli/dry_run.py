"""`--dry-run`: what would be asked, and how it would be asked."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from evalkit.cli.stages import Stages
from evalkit.cli.terminal import say, show_table
from evalkit.config import config_hash
from evalkit.errors import ExitCode
from evalkit.store import Workspace
from evalkit.summarizers.render import Table
from evalkit.tasks.answers import AnswerBook
from evalkit.tasks.base import Task
from evalkit.tasks.guard import Failures
from evalkit.tasks.plan import DatasetPlan, identity_of


def show_plan(stages: Stages, workspace: Workspace) -> int:
    """Print the tasks with what is answered and open, and one prompt of each dataset."""
    failures = Failures()
    rows: list[list[str]] = []
    prompts: dict[str, Any] = {}
    for task in stages.tasks('infer', workspace):
        identity = identity_of(task.model)
        for dataset in task.datasets:
            with failures.guard(dataset['abbr']):
                book = open_book(task, dataset, identity, workspace)
                rows.append([task.name, *plan_row(book)])
                prompts.setdefault(dataset['abbr'], first_prompt(book.plan))
    headers = ['task', 'dataset', 'version', 'mode', 'samples', 'answered', 'stale', 'to ask']
    show_table(Table('tasks', headers, rows, num_names=4))
    for abbr, prompt in prompts.items():
        say(f'--- first prompt of {abbr}\n{prompt_text(prompt)}\n')
    say(f'config {config_hash(stages.cfg)}; nothing was run')
    failures.raise_if_any()
    return ExitCode.COMPLETE


def open_book(
    task: Task, dataset: Mapping[str, Any], identity: str, workspace: Workspace
) -> AnswerBook:
    """Look at what is answered; nothing is written."""
    plan = DatasetPlan(dataset, task.model, identity)
    return AnswerBook(plan, workspace.predictions(task.model['abbr'], plan.abbr), task.shard)


def plan_row(book: AnswerBook) -> list[str]:
    """Return a line of the table of tasks."""
    plan = book.plan
    numbers = (book.num_reused + book.num_open, book.num_reused, book.num_stale, book.num_open)
    return [plan.abbr, plan.version, plan.inferencer.mode, *map(str, numbers)]


def first_prompt(plan: DatasetPlan) -> Any:
    """Return the prompt of the first sample; a dataset may be empty."""
    return next((question.prompt for question in islice(plan.questions(), 1)), '(no samples)')


def prompt_text(prompt: Any) -> str:
    """Return a prompt as a person reads it: messages under their roles, labels under theirs."""
    if isinstance(prompt, Mapping):
        return '\n'.join(f'[label {label}]\n{prompt_text(prompt[label])}' for label in prompt)
    if isinstance(prompt, str):
        return prompt
    return '\n'.join(f'[{message["role"]}]\n{message["content"]}' for message in prompt)
