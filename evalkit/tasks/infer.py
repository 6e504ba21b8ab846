"""Asks one model the open questions of its datasets, and stores each answer as it comes."""

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import filterfalse
from pathlib import Path

from evalkit.errors import BackendError
from evalkit.models import BaseModel
from evalkit.store import Workspace, write_json
from evalkit.tasks.agenda import Agenda, Opened, failed_prediction
from evalkit.tasks.answers import AnswerBook
from evalkit.tasks.ask import ask
from evalkit.tasks.base import Task
from evalkit.tasks.guard import Failures
from evalkit.tasks.interrupt import Interrupt
from evalkit.tasks.plan import DatasetPlan, build_model, identity_of
from evalkit.tasks.progress import ProgressFile
from evalkit.tasks.replicas import NoClusterError, RayReplicas, ReplicatedModel
from evalkit.tasks.suspects import Suspects
from evalkit.tasks.usage import UsageFile
from evalkit.types import Prediction

logger = logging.getLogger(__name__)

MAX_NOTES = 50
USAGE_SECONDS = 0.2

POISON = 'poison: the process or its engine died each time this sample was asked'


class InferTask:
    """A model and its adapters, loaded once, on all open questions of the datasets of a task."""

    def __init__(
        self, task: Task, progress: ProgressFile, interrupt: Interrupt, attempt: int = 1
    ) -> None:
        self.task = task
        self.workspace = Workspace(Path(task.work_dir))
        self.file = progress
        self.progress = progress.progress
        self.interrupt = interrupt
        self.attempt = attempt
        self.suspects = Suspects(progress.path.with_suffix('.suspects.json'), attempt)
        self.failures = Failures()
        self.agenda = Agenda(())
        self.num_answers = 0
        self.usage_noted_at = float('-inf')
        self.usage = UsageFile(self.usage_folder)

    def run(self) -> None:
        """Answer what is open; what could not be read or answered is reported at the end."""
        books = sorted(self.open_books(), key=lambda book: book.plan.inferencer.ask)
        self.count(books)
        with ExitStack() as stack:
            for book in books:
                stack.callback(book.close)
            if any(book.num_open for book in books) and not self.interrupt.is_requested:
                self.ask_all(books)
        for book in books:
            if book.errors.counts:
                self.failures.reasons[book.plan.abbr] = str(book.errors)
        self.failures.raise_if_any()

    def open_books(self) -> Iterator[AnswerBook]:
        """Yield the answers of each dataset that can be read."""
        identities = {model['abbr']: identity_of(model) for model in self.task.models}
        for pair in self.task.pairs:
            book, abbr = None, pair.model['abbr']
            with self.failures.guard(pair.dataset['abbr']):
                plan = DatasetPlan(pair.dataset, pair.model, identities[abbr])
                folder = self.workspace.predictions(abbr, plan.abbr)
                book = AnswerBook(plan, folder, self.task.shard)
            if book is not None:
                yield book

    def count(self, books: Iterable[AnswerBook]) -> None:
        """Report what is reused, stale and new."""
        for book in books:
            logger.info(book.describe())
            self.progress.num_total += book.num_reused + book.num_open
            self.progress.num_reused += book.num_reused
            self.progress.num_stale += book.num_stale
        self.progress.num_done = self.progress.num_reused
        self.file.update(now=True)

    def ask_all(self, books: Iterable[AnswerBook]) -> None:
        """Load the model, ask everything, and give the engine back."""
        self.agenda = Agenda(books)
        # Unlike a generator, this can be asked again after its end.
        opened = filterfalse(self.is_poison, self.agenda)
        model = self.load_model()
        try:
            for chunk in self.suspects.chunks(opened, key=lambda item: item[1].key):
                self.ask_chunk(model, chunk)
                if self.interrupt.is_requested:
                    return
        except BackendError:
            self.suspects.engine_died(has_answered=self.num_answers > 0)
            raise
        finally:
            self.usage.update(model, self.progress, now=True)
            self.file.update(now=True)
            self.note_engine(model)
            model.close()

    def is_poison(self, opened: Opened) -> bool:
        """Record a question that killed the process when it was alone, instead of asking it."""
        book, question = opened
        if question.key not in self.suspects.poison:
            return False
        self.store(book, failed_prediction(question, POISON))
        return True

    def load_model(self) -> BaseModel:
        """Build the model and note how long that took and which engine runs."""
        began = time.monotonic()
        model = self.open_model()
        self.progress.load_seconds = time.monotonic() - began
        self.progress.phase = 'asking'
        self.file.update(now=True)
        self.note_engine(model)
        return model

    def open_model(self) -> BaseModel:
        """Load the model here, or where the task says."""
        if self.task.on_ray is None:
            return build_model(self.task.model)
        try:
            replicas = RayReplicas(self.task, self.note, lambda: self.interrupt.is_requested)
        except NoClusterError as error:
            if self.attempt == 1:
                raise
            raise BackendError(f'the Ray cluster is gone: {error}') from error
        return ReplicatedModel(replicas)

    def note(self, text: str) -> None:
        """Tell the user of something that was mended."""
        logger.warning('%s', text)
        self.progress.notes = [*self.progress.notes, text][:MAX_NOTES]
        self.file.update(now=True)

    def note_engine(self, model: BaseModel) -> None:
        """Write which engine runs; at the end also what it counted, such as retries and cost."""
        engine = {**model.describe(), 'load_seconds': round(self.progress.load_seconds, 3)}
        for path in self.engine_paths:
            write_json(path, engine)

    @property
    def engine_paths(self) -> list[Path]:
        """The files that say which engine really answered, one a model."""
        return [self.workspace.engine(model['abbr']) for model in self.task.models]

    @property
    def usage_folder(self) -> Path:
        """The folder of what a service was asked for this model."""
        return self.workspace.usage(self.task.model['abbr'])

    def ask_chunk(self, model: BaseModel, chunk: Iterable[Opened]) -> None:
        """Ask questions together and store each answer before the next is looked at."""
        for book, prediction in ask(model, chunk, self.interrupt):
            self.store(book, prediction)
            self.progress.ask_seconds += prediction.seconds
            self.progress.output_tokens += prediction.usage.output_tokens
            self.note_usage(model)
            self.file.update()
        self.file.update(now=True)

    def note_usage(self, model: BaseModel) -> None:
        """Look now and then at what a service was asked; to count each time would cost too much."""
        if time.monotonic() - self.usage_noted_at > USAGE_SECONDS:
            self.usage_noted_at = time.monotonic()
            self.usage.update(model, self.progress)

    def store(self, book: AnswerBook, prediction: Prediction) -> None:
        """Append a record and count it; what depends on it is opened, or fails with it."""
        book.append(prediction)
        self.progress.num_done += 1
        self.progress.num_failed += not prediction.is_answer
        self.num_answers += prediction.is_answer
        for failed in self.agenda.settle(book, prediction):
            self.store(book, failed)
