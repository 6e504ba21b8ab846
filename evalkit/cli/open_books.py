"""What is answered and what is open, seen from the launching process; nothing is written."""

from collections.abc import Iterator
from contextlib import closing

from evalkit.errors import StoreError
from evalkit.postprocessors.killable import Postprocessing
from evalkit.store import Workspace
from evalkit.tasks.answered import Answered
from evalkit.tasks.answers import AnswerBook
from evalkit.tasks.base import Pair, Shard, Task
from evalkit.tasks.guard import Failures
from evalkit.tasks.judgements import JudgePlan
from evalkit.tasks.plan import DatasetPlan, identity_of


def is_anything_open(task: Task, workspace: Workspace) -> bool:
    """Whether a task will ask its model; what cannot be read is the task's to report."""
    failures = Failures(logged=False)
    try:
        return any(book.num_open for book in books(task, workspace, failures))
    except StoreError:
        return True


def books(task: Task, workspace: Workspace, failures: Failures) -> Iterator[AnswerBook]:
    """Yield what is answered of each dataset of a task, or judged of each model's answers."""
    for pair in task.judged if task.kind == 'judge' else task.pairs:
        with failures.guard(pair.name):
            if task.kind == 'judge':
                yield judged_book(open_judged(pair, workspace), pair, task, workspace)
            else:
                yield open_book(pair, task.shard, workspace)


def open_book(pair: Pair, shard: Shard, workspace: Workspace) -> AnswerBook:
    """Look at what is answered; nothing is written."""
    plan = DatasetPlan(pair.dataset, pair.model, identity_of(pair.model))
    return AnswerBook(plan, workspace.predictions(pair.model['abbr'], plan.abbr), shard)


def open_judged(pair: Pair, workspace: Workspace) -> JudgePlan:
    """Look at what is to be judged of what is answered."""
    identity = identity_of(pair.model)
    with closing(Postprocessing()) as postprocessing:
        answered = Answered(workspace, pair.dataset, pair.model, identity, postprocessing)
        return JudgePlan(answered, answered.grades(), pair.name)


def judged_book(plan: JudgePlan, pair: Pair, task: Task, workspace: Workspace) -> AnswerBook:
    """Look at what is judged; nothing is written."""
    folder = workspace.judgements(pair.model['abbr'], pair.dataset['abbr'])
    return AnswerBook(plan, folder, task.shard)
