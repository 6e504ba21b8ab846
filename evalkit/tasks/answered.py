"""A dataset as one model has answered it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evalkit.postprocessors.killable import Postprocessing
from evalkit.store import Workspace, read_latest
from evalkit.tasks.conversations import conversations
from evalkit.tasks.grades import Expected, Grade, check_complete
from evalkit.tasks.plan import DatasetPlan, stored_outputs
from evalkit.tasks.scoring import Scorer
from evalkit.types import Prediction


class Answered:
    """The questions of a dataset as it is now, the stored answers to them, and their scorer."""

    def __init__(
        self,
        workspace: Workspace,
        dataset_cfg: Mapping[str, Any],
        model_cfg: Mapping[str, Any],
        identity: str,
        postprocessing: Postprocessing,
        *,
        keep: bool = False,
    ) -> None:
        self.dataset_cfg = dataset_cfg
        self.scorer = Scorer(dataset_cfg, model_cfg, postprocessing)
        self.plan = DatasetPlan(dataset_cfg, model_cfg, identity)
        self.folder = workspace.predictions(model_cfg['abbr'], self.plan.abbr)
        outputs = stored_outputs(self.plan, self.folder)
        self.expected = [
            Expected(
                question.key,
                question.sample.index,
                question.repeat,
                question.sample.reference,
                question.sample.fields,
                question.turn,
            )
            for question in self.plan.questions(outputs=outputs)
        ]
        self.keys = {item.key for item in self.expected}
        self.records: dict[str, Prediction] = {}
        """The records by their keys, with `keep`: else prompts and outputs stay on the disk."""
        records = read_latest(self.folder, self.keys)
        self.answers = self.scorer.answers(self.kept(records) if keep else records)

    def kept(self, records: Iterable[Prediction]) -> Iterator[Prediction]:
        """Yield records and keep them."""
        for record in records:
            self.records[record.key] = record
            yield record

    def grades(self) -> list[Grade]:
        """Return the answers that there are beside their references, without scores."""
        if self.scorer.evaluator.takes_conversations:
            references = {sample.index: sample.reference for sample in self.plan.samples}
            return self.scorer.ungraded(*conversations(self.expected, self.answers, references))
        answered = [item for item in self.expected if item.key in self.answers]
        return self.scorer.ungraded(answered, self.answers)

    def all_grades(self) -> list[Grade]:
        """Return the same; an answer that is missing is an error."""
        check_complete(self.expected, self.answers)
        return self.grades()
