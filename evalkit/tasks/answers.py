"""The answers of one model to one dataset: which are there, which are open, and new ones."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from evalkit.config import redact_known
from evalkit.errors import TaskError
from evalkit.inferencers import Question
from evalkit.store import PredictionWriter, scan_answers, write_manifest
from evalkit.tasks.base import Shard
from evalkit.tasks.error_counts import ErrorCounts
from evalkit.tasks.plan import Plan, stored_outputs
from evalkit.types import Prediction, Sample


class AnswerBook:
    """A dataset's predictions folder, seen by the task that fills a shard of it.

    In memory are the keys of the questions; prompts are made again when they are asked.
    """

    def __init__(self, plan: Plan, folder: Path, shard: Shard) -> None:
        self.plan = plan
        self.folder = folder
        self.shard = shard
        self.answered = set(scan_answers(folder))
        self.outputs = stored_outputs(plan, folder)
        self.taken: set[str] = set()
        self.all_keys: set[str] = set()
        self.open_samples: list[Sample] = []
        mine: set[str] = set()
        for number, sample in enumerate(plan.samples):
            keys = self.keys([sample])
            self.all_keys |= keys
            if not shard.has(number):
                continue
            mine |= keys
            if not keys <= self.answered:
                self.open_samples.append(sample)
        self.num_stale = len(self.answered - self.all_keys)
        self.num_reused = len(mine & self.answered)
        self.num_open = len(mine) - self.num_reused
        self.errors = ErrorCounts(plan.abbr)
        self._files = ExitStack()
        self._writer: PredictionWriter | None = None

    def describe(self) -> str:
        """Say what a resumed run uses again."""
        return (
            f'{self.plan.abbr}: reused {self.num_reused}, stale {self.num_stale}, '
            f'new {self.num_open}'
        )

    def keys(self, samples: Iterable[Sample]) -> set[str]:
        """Return the keys of all questions about samples, as far as they are known."""
        return {question.key for question in self.plan.questions(samples, self.outputs)}

    def open_questions(self, samples: Iterable[Sample]) -> Iterator[Question]:
        """Yield what is to be asked about samples; each question comes once."""
        for question in self.plan.questions(samples, self.outputs):
            if question.key not in self.answered and question.key not in self.taken:
                self.taken.add(question.key)
                yield question

    def append(self, prediction: Prediction) -> None:
        """Store a prediction; it survives whatever comes next."""
        if prediction.error is not None:  # servers like to repeat the key that they refuse
            error = redact_known(prediction.error, os.environ)
            prediction = replace(prediction, error=error)
        if self._writer is None:
            self._writer = self._files.enter_context(PredictionWriter(self.path))
        try:
            self._writer.append(prediction)
        except TaskError:  # scoring takes the reference from the dataset; here it is for reading
            self._writer.append(replace(prediction, reference=str(prediction.reference)))
        if prediction.error is None:
            self.answered.add(prediction.key)
            if self.plan.inferencer.asks_follow_ups:
                self.outputs[prediction.key] = prediction.output
        else:
            self.errors.note(prediction.index, prediction.error)

    @property
    def path(self) -> Path:
        """The file of the shard."""
        shard = self.shard
        name = f'{shard.index}of{shard.num_shards}' if shard.num_shards > 1 else 'all'
        return self.folder / f'{name}.jsonl'

    def close(self) -> None:
        """Close the file, and write the manifest if every question of the dataset is answered."""
        self.errors.report()
        self._files.close()
        if self.shard.num_shards > 1:  # other shards may have finished meanwhile
            self.answered = set(scan_answers(self.folder))
            self.outputs = stored_outputs(self.plan, self.folder)
        if self.plan.inferencer.asks_follow_ups:
            self.all_keys = self.keys(self.plan.samples)
        if self.all_keys and self.all_keys <= self.answered:
            write_manifest(self.folder, self.all_keys)
