"""What an export is given: the answers of one model to one dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalkit.errors import IncompleteError
from evalkit.inferencers import Question, turn_extra
from evalkit.store import Workspace, read_latest
from evalkit.tasks.plan import DatasetPlan, identity_of, stored_outputs
from evalkit.types import Prediction


@dataclass(frozen=True, slots=True)
class Answers:
    """Every answer of a model to a dataset, in the dataset's order; repeats side by side.

    `records` have the reference as the dataset has it now. `mode` is 'gen' or 'ppl'.
    """

    model: Mapping[str, Any]
    dataset: Mapping[str, Any]
    mode: str
    records: Sequence[Prediction]

    @property
    def num_repeats(self) -> int:
        """How often each sample was asked."""
        return int(self.dataset.get('n') or 1)


def read_answers(
    model: Mapping[str, Any], dataset: Mapping[str, Any], workspace: Workspace
) -> Answers:
    """Read the stored answers; IncompleteError if a question has none, or only an error."""
    plan = DatasetPlan(dataset, model, identity_of(model))
    folder = workspace.predictions(model['abbr'], plan.abbr)
    questions = list(map(asked, plan.questions(outputs=stored_outputs(plan, folder))))
    keys = {key for key, *_ in questions}
    found = {record.key: record for record in read_latest(folder, keys) if record.is_answer}
    num_open = sum(key not in found for key, *_ in questions)
    if num_open:
        raise IncompleteError(f'{num_open} of {len(questions)} samples have no answer')
    records = [
        replace(found[key], **now, extra={**found[key].extra, **turn})
        for key, now, turn in questions
    ]
    return Answers(model, dataset, plan.inferencer.mode, records)


def asked(question: Question) -> tuple[str, dict[str, Any], dict[str, int]]:
    """Return the key of a question, the fields of its record as they are now, and its turn."""
    sample = question.sample
    now = {'index': sample.index, 'repeat': question.repeat, 'reference': sample.reference}
    return question.key, now, turn_extra(question)
