"""Asks one judge about the answers of other models, and stores what it says as it comes."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from evalkit.postprocessors.killable import Postprocessing
from evalkit.tasks.answered import Answered
from evalkit.tasks.answers import AnswerBook
from evalkit.tasks.base import Pair
from evalkit.tasks.infer import InferTask
from evalkit.tasks.judgements import JudgePlan
from evalkit.tasks.plan import identity_of


class JudgeTask(InferTask):
    """One judge, loaded once, on all answers that need it; asked and resumed like any model."""

    def open_books(self) -> Iterator[AnswerBook]:
        """Yield the judgements of each model's answers to each dataset.

        An answer that is missing or failed is not judged; scoring says so.
        """
        models = {pair.model['abbr']: pair.model for pair in self.task.judged}
        identities = {abbr: identity_of(model) for abbr, model in models.items()}
        with closing(Postprocessing()) as postprocessing:
            for pair in self.task.judged:
                book = None
                with self.failures.guard(pair.name):
                    identity = identities[pair.model['abbr']]
                    book = self.open_book(pair, identity, postprocessing)
                if book is not None:
                    yield book

    def open_book(self, pair: Pair, identity: str, postprocessing: Postprocessing) -> AnswerBook:
        """Return the judgements of the answers of one model to one dataset."""
        model, dataset = pair.model, pair.dataset
        answered = Answered(self.workspace, dataset, model, identity, postprocessing)
        plan = JudgePlan(answered, answered.grades(), pair.name)
        folder = self.workspace.judgements(model['abbr'], dataset['abbr'])
        return AnswerBook(plan, folder, self.task.shard)

    @property
    def engine_paths(self) -> list[Path]:
        """The file that says which engine really judged."""
        return [self.workspace.judge_engine(self.task.model['abbr'])]

    @property
    def usage_folder(self) -> Path:
        """The folder of what a service was asked for this judge."""
        return self.workspace.judge_usage(self.task.model['abbr'])
