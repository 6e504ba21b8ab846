"""From the stored answers of a dataset to its result."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from evalkit.config import build, resolve_type, reveal_secrets
from evalkit.errors import TaskError
from evalkit.evaluators import BaseEvaluator
from evalkit.inferencers import Question
from evalkit.types import Prediction

Postprocessor = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the dataset as it is now, with the stored answer."""

    question: Question
    prediction: Prediction


def join(questions: Sequence[Question], records: Iterable[Prediction]) -> list[Answered]:
    """Pair questions with answers by key; a question without any record is an error.

    Samples that ask the same share an answer, so that index and reference are the question's.
    """
    by_key: dict[str, Prediction] = {}
    for record in records:
        if record.is_answer or record.key not in by_key:
            by_key[record.key] = record
    missing = [question for question in questions if question.key not in by_key]
    if missing:
        raise TaskError(
            f'incomplete: {len(missing)} of {len(questions)} samples have no answer, '
            f'the first being sample {missing[0].sample.index}'
        )
    return [Answered(question, by_key[question.key]) for question in questions]


class Scorer:
    """The chain of an `eval_cfg`: the model's postprocessor, the dataset's, the evaluator."""

    def __init__(self, eval_cfg: Mapping[str, Any], model_cfg: Mapping[str, Any]) -> None:
        self.evaluator: BaseEvaluator = build(reveal_secrets(eval_cfg['evaluator'], os.environ))
        self.on_output = [
            *role_cutter(eval_cfg.get('pred_role'), model_cfg.get('meta_template')),
            *postprocessors(model_cfg.get('pred_postprocessor')),
            *postprocessors(eval_cfg.get('pred_postprocessor')),
        ]
        self.on_reference = postprocessors(eval_cfg.get('dataset_postprocessor'))

    def result(self, answered: Sequence[Answered], *, with_details: bool) -> dict[str, Any]:
        """Return metrics, counts and timing; failed samples are counted and never scored."""
        scored = [pair for pair in answered if pair.prediction.is_answer]
        if not scored:
            first = answered[0].prediction.error if answered else 'the dataset is empty'
            raise TaskError(f'none of {len(answered)} samples has an answer: {first}')
        answers = [apply(self.on_output, pair.prediction.output) for pair in scored]
        references = [apply(self.on_reference, pair.question.sample.reference) for pair in scored]
        scores = self.evaluator.score_all(answers, references)
        clusters = [pair.question.sample.index for pair in scored]
        metrics = self.evaluator.aggregate(scores, clusters)
        result = {
            'metrics': {name: asdict(metric) for name, metric in metrics.items()},
            **counts(answered),
            'timing': timing(answered),
        }
        if with_details:
            rows = zip(scored, answers, references, scores, strict=True)
            result['details'] = [detail(*row) for row in rows] + failures(answered)
        return result


def counts(answered: Sequence[Answered]) -> dict[str, int]:
    """Count the samples, and those whose answers need a second look."""
    statuses = Counter(pair.prediction.status for pair in answered)
    return {
        'n': len(answered),
        'n_ok': len(answered) - statuses['error'],
        'truncated': statuses['truncated'],
        'empty': statuses['empty'],
        'filtered': statuses['filtered'],
        'failed': statuses['error'],
    }


def timing(answered: Sequence[Answered]) -> dict[str, float]:
    """Add up the seconds spent asking and the tokens; a shared answer counts once."""
    predictions = {pair.question.key: pair.prediction for pair in answered}.values()
    return {
        'infer_seconds': round(sum(prediction.seconds for prediction in predictions), 3),
        'prompt_tokens': sum(prediction.usage.prompt_tokens for prediction in predictions),
        'output_tokens': sum(prediction.usage.output_tokens for prediction in predictions),
    }


def detail(
    pair: Answered, answer: Any, reference: Any, scores: Mapping[str, float]
) -> dict[str, Any]:
    """Return what a person needs to see why a sample has its score."""
    return {
        'index': pair.question.sample.index,
        'repeat': pair.question.repeat,
        'status': pair.prediction.status,
        'prompt': pair.prediction.prompt,
        'output': pair.prediction.output,
        'answer': answer,
        'reference': reference,
        **scores,
    }


def failures(answered: Sequence[Answered]) -> list[dict[str, Any]]:
    """Return the details of the samples that have no answer."""
    return [
        {
            'index': pair.question.sample.index,
            'repeat': pair.question.repeat,
            'status': 'error',
            'error': pair.prediction.error,
            'prompt': pair.prediction.prompt,
        }
        for pair in answered
        if not pair.prediction.is_answer
    ]


def postprocessors(cfg: Any) -> list[Postprocessor]:
    """Return the function that a postprocessor config means: a dict with `type`, or a name."""
    if not cfg:
        return []
    if not isinstance(cfg, Mapping):
        return [resolve_type(cfg)]
    kwargs = {key: value for key, value in cfg.items() if key != 'type'}
    return [partial(resolve_type(cfg['type']), **kwargs)]


def role_cutter(role: str | None, meta_template: Mapping[str, Any] | None) -> list[Postprocessor]:
    """Return the function that keeps the turn of `role` of a base model's output."""
    rounds = (meta_template or {}).get('round', ()) if role else ()
    for item in rounds:
        if isinstance(item, Mapping) and item.get('role') == role:
            begin, end = str(item.get('begin', '')), str(item.get('end', ''))
            return [partial(cut_role, begin=begin, end=end)]
    return []


def cut_role(text: str, begin: str, end: str) -> str:
    """Return what stands between the marks of a turn; a mark that is absent cuts nothing."""
    if begin and begin in text:
        text = text.split(begin, 1)[1]
    return text.split(end, 1)[0] if end.strip() else text


def apply(functions: Iterable[Postprocessor], value: Any) -> Any:
    """Apply functions one after the other."""
    for function in functions:
        value = function(value)
    return value
