"""From the stored answers of a dataset to its metrics."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from evalkit.config import did_you_mean, reveal_secrets
from evalkit.errors import ConfigError, TaskError
from evalkit.evaluators import BorrowedEvaluator, Metric, build_evaluator, pass_metrics
from evalkit.postprocessors.chain import postprocessors
from evalkit.postprocessors.killable import Postprocessing, Processed
from evalkit.tasks.grades import Answer, Expected, Grade
from evalkit.tasks.postprocess import on_output
from evalkit.types import Prediction

EXCLUDABLE = ('truncated', 'filtered', 'empty')
"""Statuses of answers that a dataset may leave out of its score; an error always is."""

EXCLUDED = 'it is left out by eval_cfg.exclude'


class Scorer:
    """The chain of an `eval_cfg`: role, the model's postprocessor, the dataset's, the evaluator."""

    def __init__(
        self,
        dataset_cfg: Mapping[str, Any],
        model_cfg: Mapping[str, Any],
        postprocessing: Postprocessing,
    ) -> None:
        eval_cfg: Mapping[str, Any] = reveal_secrets(dataset_cfg['eval_cfg'], os.environ)
        if eval_cfg.get('model_postprocessor'):
            raise ConfigError(
                'eval_cfg.model_postprocessor (a model that reads the answers) is not supported: '
                'use a pred_postprocessor, or an evaluator that asks a judge'
            )
        self.postprocessing = postprocessing
        on_scored, self.evaluator = build_evaluator(eval_cfg['evaluator'])
        self.on_output = (*on_output(eval_cfg, model_cfg), *on_scored)
        self.on_reference = postprocessors(eval_cfg.get('dataset_postprocessor'))
        self.pass_sizes = pass_sizes(dataset_cfg)
        self.excluded = excluded_statuses(eval_cfg)

    def answers(self, records: Iterable[Prediction]) -> dict[str, Answer]:
        """Return what the postprocessors make of records, by their keys; outputs are not kept."""
        bare: dict[str, Answer] = {}

        def outputs() -> Iterator[str]:
            for each in records:
                bare[each.key] = Answer(None, each.status, each.usage, each.seconds, each.error)
                if each.error is None:
                    yield each.output

        processed = self.postprocessing.apply(self.on_output, outputs(), 'postprocessor')
        answered = [key for key, answer in bare.items() if answer.error is None]
        return bare | {
            key: replace(bare[key], value=made.value, error=made.error)
            for key, made in zip(answered, processed, strict=True)
        }

    def score(self, grades: Sequence[Grade]) -> None:
        """Score the answers; one that failed is never scored."""
        scored = [grade for grade in grades if grade.is_scored]
        if isinstance(self.evaluator, BorrowedEvaluator):
            self.evaluator.rows = [grade.expected.fields for grade in scored]
        given = self.evaluator.score_all(
            [grade.answer.value for grade in scored], [grade.reference for grade in scored]
        )
        for grade, scores in zip(scored, given, strict=True):
            grade.take(scores)

    def ungraded(self, expected: Sequence[Expected], answers: Mapping[str, Answer]) -> list[Grade]:
        """Put the references beside the answers."""
        given = (item.reference for item in expected)
        references = self.postprocessing.apply(self.on_reference, given, 'reference')
        return [
            self.grade(item, answers[item.key], made)
            for item, made in zip(expected, references, strict=True)
        ]

    def grade(self, item: Expected, answer: Answer, reference: Processed) -> Grade:
        """Put one reference beside its answer."""
        is_excluded = answer.status in self.excluded
        error = answer.error or reference.error
        return Grade(item, answer, reference.value, error, is_excluded=is_excluded)

    def metrics(self, grades: Sequence[Grade]) -> dict[str, Metric]:
        """Return the metrics over the answers that were scored, the main one first."""
        scored = [grade for grade in grades if grade.is_scored]
        if not scored:
            why = (grades[0].error or EXCLUDED) if grades else 'the dataset has no samples'
            raise TaskError(f'none of {len(grades)} samples has a score: {why}')
        clusters = [grade.expected.index for grade in scored]
        metrics = self.evaluator.aggregate([grade.scores for grade in scored], clusters)
        if self.pass_sizes:
            main = next(iter(scored[0].scores))
            values = [grade.scores[main] for grade in scored]
            metrics |= pass_metrics(values, [drawn_for(grade) for grade in scored], self.pass_sizes)
        return metrics

    def result(self, grades: Sequence[Grade], answers: Iterable[Answer]) -> dict[str, Any]:
        """Return metrics, counts and timing, as they stand in a result file."""
        metrics = self.metrics(grades)
        return {
            'metrics': {name: asdict(metric) for name, metric in metrics.items()},
            **self.counted(grades, answers),
        }

    def counted(self, grades: Sequence[Grade], answers: Iterable[Answer]) -> dict[str, Any]:
        """Return the same without metrics, where those are withheld."""
        return {
            'evaluator': self.evaluator.describe(),
            **counts(grades),
            **self.evaluator.report([grade.scores for grade in grades if grade.is_scored]),
            'timing': timing(answers),
        }


def drawn_for(grade: Grade) -> tuple[int, int]:
    """Return what repeats have in common: the sample, and in a conversation the turn."""
    expected = grade.expected
    return expected.index, expected.turn.number if expected.turn else 0


def pass_sizes(dataset_cfg: Mapping[str, Any]) -> list[int]:
    """Return the k of G-Pass@k; none where only one answer is drawn, as in OpenCompass."""
    given, num_repeats = dataset_cfg.get('k') or 1, dataset_cfg.get('n') or 1
    sizes = [given] if isinstance(given, int) else list(given)
    if max(sizes) > num_repeats:
        raise ConfigError(f'k={max(sizes)} needs as many answers to a sample, but n={num_repeats}')
    return sizes if max(sizes) > 1 else []


def excluded_statuses(eval_cfg: Mapping[str, Any]) -> frozenset[str]:
    """Return the statuses of answers that a dataset leaves out of its score."""
    given = eval_cfg.get('exclude') or ()
    names = [given] if isinstance(given, str) else list(given)
    for name in names:
        if name not in EXCLUDABLE:
            hint = did_you_mean(str(name), EXCLUDABLE, otherwise=f': {", ".join(EXCLUDABLE)}')
            raise ConfigError(f'eval_cfg.exclude: {name!r} is no status of an answer{hint}')
    return frozenset(names)


def counts(grades: Sequence[Grade]) -> dict[str, int]:
    """Count the samples, those that are scored, and those whose answers need a second look."""
    statuses = Counter(grade.status for grade in grades)
    excluded = sum(grade.is_excluded and grade.error is None for grade in grades)
    return {
        'n': len(grades),
        'n_ok': len(grades) - statuses['error'] - excluded,
        'truncated': statuses['truncated'],
        'empty': statuses['empty'],
        'filtered': statuses['filtered'],
        'unextracted': sum(grade.is_unextracted for grade in grades),
        'cut_prompts': sum(grade.answer.usage.cut_tokens > 0 for grade in grades),
        'excluded': excluded,
        'failed': statuses['error'],
    }


def timing(answers: Iterable[Answer]) -> dict[str, float]:
    """Add up the seconds spent asking and the tokens; a shared answer counts once."""
    seconds, prompt_tokens, output_tokens = 0.0, 0, 0
    for answer in answers:
        seconds += answer.seconds
        prompt_tokens += answer.usage.prompt_tokens
        output_tokens += answer.usage.output_tokens
    return {
        'infer_seconds': round(seconds, 3),
        'prompt_tokens': prompt_tokens,
        'output_tokens': output_tokens,
    }
