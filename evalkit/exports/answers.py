"""What an export is given: the answers of one model to one dataset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalkit.errors import IncompleteError
from evalkit.store import Workspace, read_latest
from evalkit.tasks.plan import DatasetPlan, identity_of
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
    questions = [(q.key, q.sample.index, q.repeat, q.sample.reference) for q in plan.questions()]
    folder = workspace.predictions(model['abbr'], plan.abbr)
    keys = {key for key, *_ in questions}
    found = {record.key: record for record in read_latest(folder, keys) if record.is_answer}
    num_open = sum(key not in found for key, *_ in questions)
    if num_open:
        raise IncompleteError(f'{num_open} of {len(questions)} samples have no answer')
    records = [
        replace(found[key], index=index, repeat=repeat, reference=reference)
        for key, index, repeat, reference in questions
    ]
    return Answers(model, dataset, plan.inferencer.mode, records)
