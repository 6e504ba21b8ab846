"""`--dry-run`: what would be asked, and how it would be asked."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from evalkit.cli.open_books import judged_book, open_book, open_judged
from evalkit.cli.stages import Stages
from evalkit.cli.terminal import say, show_table
from evalkit.config import config_hash
from evalkit.errors import ExitCode
from evalkit.store import Workspace
from evalkit.summarizers.render import Table
from evalkit.tasks.answers import AnswerBook
from evalkit.tasks.base import Pair, Task
from evalkit.tasks.guard import Failures
from evalkit.tasks.judgements import JudgePlan
from evalkit.tasks.plan import Plan

HEADERS = ['task', 'dataset', 'version', 'mode', 'samples', 'answered', 'stale', 'to ask']


def show_plan(stages: Stages, workspace: Workspace) -> int:
    """Print the tasks with what is answered and open, and one prompt of each dataset."""
    failures = Failures(logged=False)
    rows: list[list[str]] = []
    prompts: dict[str, Any] = {}
    for task in stages.launched('infer', workspace):
        for pair in task.pairs:
            with failures.guard(pair.dataset['abbr']):
                book = open_book(pair, task.shard, workspace)
                rows.append([task_name(task, pair), *plan_row(book)])
                prompts.setdefault(book.plan.abbr, first_prompt(book.plan))
    for task in stages.tasks('judge', workspace):
        for pair in task.judged:
            with failures.guard(pair.name):
                plan = open_judged(pair, workspace)
                rows.append([task.name, *judged_row(plan, pair, task, workspace)])
                prompts.setdefault(f'the judge of {pair.dataset["abbr"]}', judge_prompt(plan))
    if rows:
        show_table(Table('tasks', HEADERS, rows, num_names=4))
    for abbr, prompt in prompts.items():
        say(f'--- first prompt of {abbr}\n{prompt_text(prompt)}\n')
    say(f'config {config_hash(stages.cfg)}; nothing was run')
    failures.raise_if_any()
    return ExitCode.COMPLETE


def task_name(task: Task, pair: Pair) -> str:
    """Return the name of a task; with adapters, also for which of its models."""
    return f'{task.name} ({pair.model["abbr"]})' if task.adapted else task.name


def judged_row(plan: JudgePlan, pair: Pair, task: Task, workspace: Workspace) -> list[str]:
    """Return a line of the table; any answer that is not there yet may have to be judged."""
    book = judged_book(plan, pair, task, workspace)
    num_missing = len(plan.answered.keys - plan.answered.answers.keys())
    most = 'up to ' if num_missing else ''
    samples, to_ask = book.num_reused + book.num_open + num_missing, book.num_open + num_missing
    numbers = (f'{most}{samples}', book.num_reused, book.num_stale, f'{most}{to_ask}')
    return [plan.abbr, plan.version, 'judge', *map(str, numbers)]


def judge_prompt(plan: JudgePlan) -> Any:
    """Return what the judge is asked about the first answer, or about one that is to come."""
    samples = plan.samples[:1] or [
        plan.sample(sample.index, '(the answer)', sample.reference)
        for sample in plan.answered.plan.samples[:1]
    ]
    return next((question.prompt for question in plan.questions(samples)), '(no samples)')


def plan_row(book: AnswerBook) -> list[str]:
    """Return a line of the table of tasks."""
    plan = book.plan
    numbers = (book.num_reused + book.num_open, book.num_reused, book.num_stale, book.num_open)
    return [plan.abbr, plan.version, plan.inferencer.mode, *map(str, numbers)]


def first_prompt(plan: Plan) -> Any:
    """Return the prompt of the first sample; a dataset may be empty."""
    return next((question.prompt for question in islice(plan.questions(), 1)), '(no samples)')


def prompt_text(prompt: Any) -> str:
    """Return a prompt as a person reads it: messages under their roles, labels under theirs."""
    if isinstance(prompt, Mapping):
        return '\n'.join(f'[label {label}]\n{prompt_text(prompt[label])}' for label in prompt)
    if isinstance(prompt, str):
        return prompt
    return '\n'.join(f'[{message["role"]}]\n{message["content"]}' for message in prompt)
