"""OpenCompass's answers as ours: scored by our scorers, whatever theirs said."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalkit.errors import TaskError
from evalkit.imports.files import Record, predictions_folder, read_records
from evalkit.inferencers import Question, turn_extra
from evalkit.store import PredictionWriter, Workspace, write_manifest
from evalkit.tasks import Task
from evalkit.tasks.guard import Failures
from evalkit.tasks.plan import DatasetPlan, identity_of
from evalkit.types import Prediction

Pair = tuple[Question, Record]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many answers of a model to a dataset there are, or why there are none.

    `is_compared` says that references stand with the answers and are written as ours are, so that
    both were found to be of the same samples.
    """

    model: str
    dataset: str
    num_answers: int = 0
    is_compared: bool = False
    error: str | None = None


def import_opencompass(
    given: Path, tasks: Sequence[Task], workspace: Workspace
) -> Iterator[Imported]:
    """Store the answers to the questions of each model and dataset as records of ours.

    Nothing shows what their model was asked, so that the answers are taken to be those of the
    model and the prompts of the config.
    """
    folder = predictions_folder(given)
    for task in tasks:
        identity, failures = identity_of(task.model), Failures()
        model = task.model['abbr']
        for dataset in task.datasets:
            abbr = dataset['abbr']
            with failures.guard(abbr):
                records = read_records(folder, model, abbr)
                plan = DatasetPlan(dataset, task.model, identity)
                pairs = list(paired(plan, records))
                is_compared = compare_references(pairs)
                append(pairs, workspace.predictions(model, abbr), is_whole(plan, pairs))
                yield Imported(model, abbr, len(pairs), is_compared)
            if abbr in failures.reasons:
                yield Imported(model, abbr, error=failures.reasons[abbr])


def paired(plan: DatasetPlan, records: Sequence[Record]) -> Iterator[Pair]:
    """Yield each question with its record; there the repeats follow after all samples."""
    numbers = {sample.index: number for number, sample in enumerate(plan.splits.test)}
    outputs: dict[str, str] = {}
    for question in plan.questions(outputs=outputs):
        place = question.repeat * len(numbers) + numbers[question.sample.index]
        if place < len(records):
            record = of_round(records[place], question.turn.number - 1 if question.turn else 0)
            if plan.inferencer.asks_follow_ups:  # as `gold` they write the model's own answer
                record = {key: record[key] for key in record if key != 'gold'}
            outputs[question.key] = output_of(question, record)
            yield question, record


def of_round(record: Record, number: int) -> Record:
    """Return the record of one round of a conversation; there one record holds them all."""
    if not isinstance(record['prediction'], list) or 'pred_label' in record:
        return record
    if number >= len(record['prediction']):
        raise TaskError(f'a conversation has {len(record["prediction"])} answers, and more rounds')
    names = ('prediction', 'gold', 'origin_prompt')
    found = {name: record[name][number] for name in names if record.get(name) is not None}
    if isinstance(found['prediction'], Mapping):  # of a column of messages
        found['prediction'] = found['prediction']['assistant']
    return found


def compare_references(pairs: Sequence[Pair]) -> bool:
    """Whether the references are the same on both sides; an error where only some are.

    A benchmark may be read into another form of reference than theirs: then none is the same.
    """
    same = [
        is_same(question.sample.reference, record['gold'])
        for question, record in pairs
        if record.get('gold') is not None
    ]
    if any(same) and not all(same):
        raise TaskError(
            f'{same.count(False)} of {len(same)} references differ from those that stand with the '
            'answers: the dataset of the config is not the one that was asked (path, test_range)'
        )
    return any(same)


def is_same(one: Any, other: Any) -> bool:
    """Whether two references are equal, as JSON writes them."""
    texts = [json.dumps(value, sort_keys=True, default=str) for value in (one, other)]
    return texts[0] == texts[1] or str(one) == str(other)


def is_whole(plan: DatasetPlan, pairs: Sequence[Pair]) -> bool:
    """Whether every question has an answer."""
    outputs = {question.key: output_of(question, record) for question, record in pairs}
    return {question.key for question in plan.questions(outputs=outputs)} == outputs.keys()


def append(pairs: Sequence[Pair], folder: Path, is_done: bool) -> None:
    """Write the answers as records."""
    with PredictionWriter(folder / 'opencompass.jsonl') as writer:
        for question, record in pairs:
            writer.append(as_ours(question, record))
    if is_done:
        write_manifest(folder, {question.key for question, _ in pairs})


def as_ours(question: Question, record: Record) -> Prediction:
    """Return the answer to a question as it would be stored here."""
    losses = {
        key.removeprefix('label: '): value['PPL']
        for key, value in record.items()
        if key.startswith('label: ') and isinstance(value, Mapping) and 'PPL' in value
    }
    return Prediction(
        index=question.sample.index,
        key=question.key,
        prompt=record.get('origin_prompt', question.prompt),
        output=output_of(question, record),
        reference=question.sample.reference,
        repeat=question.repeat,
        extra={
            'from': 'opencompass',
            **({'losses': losses} if losses else {}),
            **turn_extra(question),
        },
    )


def output_of(question: Question, record: Record) -> str:
    """Return the text of an answer, or the label that was chosen."""
    if 'pred_label' in record:
        return str(list(question.prompt)[record['pred_label']])
    return str(record['prediction'])
