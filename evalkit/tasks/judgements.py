"""What a judge is asked about the answers of one model to one dataset, and what it said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from evalkit.config import resolve_type
from evalkit.datasets import read_dataset
from evalkit.datasets.base import PLAN_KEYS
from evalkit.errors import IncompleteError, TaskError
from evalkit.evaluators import (
    JudgedEvaluator,
    Scores,
    Unscored,
    VerdictError,
    Verdicts,
)
from evalkit.evaluators.judged import Ruled
from evalkit.inferencers import NOTHING, Context, GenInferencer, Question
from evalkit.postprocessors.chain import Postprocessor
from evalkit.postprocessors.killable import Processed
from evalkit.prompts import Prompter, prompt_hash
from evalkit.tasks.answered import Answered
from evalkit.tasks.conversations import columns_of
from evalkit.tasks.grades import Grade
from evalkit.tasks.plan import identity_of
from evalkit.types import Completion, Prediction, Sample, Scoring

VERDICT = 'verdict'
"""The kind of error of a judgement that has no verdict."""


class JudgeInferencer(GenInferencer):
    """Asks for judgements; one without a verdict is an error, so that it is asked for again."""

    def __init__(self, context: Context, verdicts: Verdicts) -> None:
        super().__init__(context)
        self.verdicts = verdicts

    def prediction(
        self, question: Question, answers: Sequence[Completion | Scoring], seconds: float
    ) -> Prediction:
        """Return the record of a judgement."""
        record = super().prediction(question, answers, seconds)
        judged = read_verdict(record, self.verdicts)
        return replace(record, error=judged.error) if isinstance(judged, Unscored) else record


def read_verdict(record: Prediction, verdicts: Verdicts) -> Scores | Unscored:
    """Return the scores of a judgement; an error is none, and neither is what was cut."""
    if record.error is not None and not record.error.startswith(f'{VERDICT}:'):
        return Unscored(record.error)
    if record.finish_reason == 'length':
        return Unscored(f'{VERDICT}: the judgement was cut at max_out_len of the judge')
    if record.finish_reason == 'content_filter':
        return Unscored(f'{VERDICT}: the judgement was filtered')
    try:
        return verdicts.scores(verdicts.read(record.output))
    except VerdictError as error:
        return Unscored(f'{VERDICT}: {error!s:.200}')


class JudgePlan:
    """What the judge of a dataset is asked about the answers of one model.

    `samples` are the answers that need a judgement, each with the columns of its row. The same
    answer to the same question, in another repeat, is judged once.
    """

    def __init__(self, answered: Answered, grades: Sequence[Grade], abbr: str) -> None:
        self.abbr = abbr
        self.adapter: str | None = None
        self.answered = answered
        self.evaluator = judged_evaluator(answered)
        llm = self.evaluator.llm
        infer_cfg = {'prompt_template': llm.prompt_template}
        self.version = prompt_hash(infer_cfg)
        self.judge_cfg = llm.judge_cfg
        self.inferencer = JudgeInferencer(judge_context(infer_cfg, llm.judge_cfg), llm.verdicts)
        self.grades = [grade for grade in grades if grade.is_scored]
        self.rows = rows_of(answered, llm.dataset_cfg)
        self.needing: list[Grade] = []
        self.samples: list[Sample] = []
        self.show(self.to_judge())

    def to_judge(self) -> list[Grade]:
        """Return the answers that the judge is asked about."""
        if self.evaluator.judges_all:
            return self.grades
        return [
            grade
            for grade, ruled in zip(self.grades, self.ruled, strict=True)
            if self.evaluator.needs_judge(ruled)
        ]

    @cached_property
    def ruled(self) -> list[Ruled]:
        """What the rules say of each answer; one that cannot be prepared is no right one.

        Where every answer is judged, rules are for scoring alone: the judge's environment need
        not have their packages.
        """
        prepared = self.prepare(self.evaluator.on_ruled, self.grades)
        pairs = [
            (made.value, grade.reference)
            for made, grade in zip(prepared, self.grades, strict=True)
            if made.error is None
        ]
        scores = iter(self.evaluator.rule([pair[0] for pair in pairs], [pair[1] for pair in pairs]))
        return [next(scores) if made.error is None else Unscored(made.error) for made in prepared]

    def show(self, grades: Sequence[Grade]) -> None:
        """Note what the judge is shown of answers; what cannot be shown is an error."""
        prepared = self.prepare(self.evaluator.on_judged, grades)
        for grade, made in zip(grades, prepared, strict=True):
            grade.error = made.error
            if made.error is None:
                self.needing.append(grade)
                sample = self.sample(grade.expected.index, made.value, grade.reference)
                if grade.expected.turns:
                    columns = columns_of(grade.expected, made.value)
                    sample = replace(sample, fields={**sample.fields, **columns})
                self.samples.append(sample)

    def prepare(
        self, functions: tuple[Postprocessor, ...], grades: Sequence[Grade]
    ) -> list[Processed]:
        """Return what functions make of answers."""
        values = [grade.answer.value for grade in grades]
        return self.answered.scorer.postprocessing.apply(functions, values, 'postprocessor')

    def sample(self, index: int, shown: Any, reference: Any) -> Sample:
        """Return a row with the columns that are for the judge."""
        columns = {'prediction': shown, 'reference': reference, 'obj_gold': reference}
        return Sample(index, {**self.rows[index], **columns}, reference)

    def questions(
        self, samples: Iterable[Sample] | None = None, outputs: Mapping[str, str] = NOTHING
    ) -> Iterator[Question]:
        """Yield one question for each answer."""
        return self.inferencer.questions(self.samples if samples is None else samples, outputs)

    def keys(self) -> list[str]:
        """Return the key of the judgement of each answer that needs one."""
        return [question.key for question in self.questions()]


@dataclass(frozen=True, slots=True)
class Judgements:
    """What a judge has said, by key."""

    plan: JudgePlan
    keys: Sequence[str]
    records: Mapping[str, Prediction]

    def score(self) -> None:
        """Score the answers by rules and verdicts; one without a verdict is an error."""
        self.check_complete()
        keys = {id(grade): key for grade, key in zip(self.plan.needing, self.keys, strict=True)}
        for grade, ruled in zip(self.plan.grades, self.plan.ruled, strict=True):
            if grade.error is not None:
                continue
            judged: Scores | Unscored | None = None
            if id(grade) in keys:
                record = self.records[keys[id(grade)]]
                grade.judgement = record.output
                judged = read_verdict(record, self.plan.inferencer.verdicts)
            if isinstance(judged, Unscored):
                grade.take(Unscored(f'judge: {judged.error}'))
            else:
                grade.take(self.plan.evaluator.combine(ruled, judged))

    def check_complete(self) -> None:
        """Raise IncompleteError if an answer has not been judged at all."""
        missing = [
            grade.expected.index
            for grade, key in zip(self.plan.needing, self.keys, strict=True)
            if key not in self.records
        ]
        if missing:
            raise IncompleteError(
                f'incomplete: {len(missing)} of {len(self.keys)} answers have no judgement, '
                f'the first being sample {missing[0]}'
            )

    @property
    def num_judged(self) -> int:
        """How many of the answers that need it have a verdict."""
        return sum(grade.error is None for grade in self.plan.needing)

    def report(self) -> dict[str, Any]:
        """Return who judged, how much, and why the metric is withheld where it is."""
        needed, judged = len(self.plan.needing), self.num_judged
        records = self.records.values()
        llm = self.plan.evaluator.llm
        report: dict[str, Any] = {
            'judge': {
                'model': self.plan.judge_cfg['abbr'],
                'version': self.plan.version,
                'needed': needed,
                'judged': judged,
                'seconds': round(sum(record.seconds for record in records), 3),
                'prompt_tokens': sum(record.usage.prompt_tokens for record in records),
                'output_tokens': sum(record.usage.output_tokens for record in records),
            }
        }
        if judged < llm.min_coverage * needed:
            first = next(grade.error for grade in self.plan.needing if grade.error is not None)
            report['error'] = (
                f'only {judged} of {needed} answers are judged, and the metric needs '
                f'{llm.min_coverage:.0%} (min_coverage); the first error: {first}'
            )
        return report


def judge_context(infer_cfg: Mapping[str, Any], judge_cfg: Mapping[str, Any]) -> Context:
    """Return what asks the judge by its own template and sampling parameters."""
    is_chat = resolve_type(judge_cfg['type']).is_chat
    prompter = Prompter(infer_cfg, {}, judge_cfg.get('meta_template'), is_chat=is_chat)
    return Context(prompter, prompter.retriever, judge_cfg, identity_of(judge_cfg))


def judged_evaluator(answered: Answered) -> JudgedEvaluator:
    """Return the evaluator of a dataset that has a judge."""
    evaluator = answered.scorer.evaluator
    if not isinstance(evaluator, JudgedEvaluator):
        raise TaskError(f'{answered.plan.abbr} is scored by {type(evaluator).__name__}, no judge')
    return evaluator


def rows_of(
    answered: Answered, dataset_cfg: Mapping[str, Any] | None
) -> Mapping[int, Mapping[str, Any]]:
    """Return the columns of each sample by its index: the dataset's own, or those of another."""
    own = {sample.index: sample.fields for sample in answered.plan.samples}
    if not dataset_cfg or source(dataset_cfg) == source(answered.dataset_cfg):
        return own
    other = {sample.index: sample.fields for sample in read_dataset(dataset_cfg).test}
    missing = own.keys() - other.keys()
    if missing:
        raise TaskError(
            f'evaluator.dataset_cfg has no row {min(missing)}, which {answered.plan.abbr} has: '
            'both must have the same rows'
        )
    return other


def source(dataset_cfg: Mapping[str, Any]) -> dict[str, Any]:
    """Return what decides the rows of a dataset."""
    return {
        'made_of': resolve_type(dataset_cfg['type']),
        **{key: value for key, value in dataset_cfg.items() if key not in PLAN_KEYS},
    }
