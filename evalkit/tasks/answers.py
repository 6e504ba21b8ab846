"""The answers of one model to one dataset: which are there, which are open, and new ones."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from evalkit.inferencers import Question
from evalkit.store import PredictionWriter, scan_answers, write_manifest
from evalkit.tasks.base import Shard
from evalkit.tasks.plan import DatasetPlan
from evalkit.types import Prediction

logger = logging.getLogger(__name__)


class AnswerBook:
    """A dataset's predictions folder, seen by the task that fills a shard of it."""

    def __init__(self, plan: DatasetPlan, folder: Path, shard: Shard) -> None:
        self.plan = plan
        self.folder = folder
        self.shard = shard
        self.answered = set(scan_answers(folder))
        keys = [question.key for question in plan.questions()]
        self.all_keys = set(keys)
        self.num_stale = len(self.answered - self.all_keys)
        mine = {question.key for question in plan.questions(shard)}
        self.num_reused = len(mine & self.answered)
        self.num_open = len(mine) - self.num_reused
        self.errors: Counter[str] = Counter()
        self._files = ExitStack()
        self._writer: PredictionWriter | None = None

    def describe(self) -> str:
        """Say what a resumed run uses again."""
        return (
            f'{self.plan.abbr}: reused {self.num_reused}, stale {self.num_stale}, '
            f'new {self.num_open}'
        )

    def open_questions(self) -> Iterator[Question]:
        """Yield what is to be asked; the same question is asked once."""
        seen = set(self.answered)
        for question in self.plan.questions(self.shard):
            if question.key not in seen:
                seen.add(question.key)
                yield question

    def append(self, prediction: Prediction) -> None:
        """Store a prediction; it survives whatever comes next."""
        if self._writer is None:
            name = (
                f'{self.shard.index}of{self.shard.num_shards}'
                if self.shard.num_shards > 1
                else 'all'
            )
            self._writer = self._files.enter_context(
                PredictionWriter(self.folder / f'{name}.jsonl')
            )
        self._writer.append(prediction)
        if prediction.is_answer:
            self.answered.add(prediction.key)
        else:
            self.note_error(prediction)

    def note_error(self, prediction: Prediction) -> None:
        """Log the first error of a kind; `close` says how many there were."""
        kind, _, text = (prediction.error or '').partition(':')
        self.errors[kind] += 1
        if self.errors[kind] == 1:
            logger.error(
                '%s, sample %d failed: %s:%s', self.plan.abbr, prediction.index, kind, text
            )

    def close(self) -> None:
        """Close the file, and write the manifest if every question of the dataset is answered."""
        self._files.close()
        for kind, count in self.errors.items():
            logger.error('%s: %d samples failed with %s', self.plan.abbr, count, kind)
        if self.shard.num_shards > 1:  # other shards may have finished meanwhile
            self.answered = set(scan_answers(self.folder))
        if self.all_keys and self.all_keys <= self.answered:
            write_manifest(self.folder, self.all_keys)
