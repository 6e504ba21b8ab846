"""Evaluators that need a judge: a model that is asked about the answers of other models.

They ask nothing themselves. A task of its own asks the judge (`evalkit/tasks/judge.py`), and the
evaluator scores what it said.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.config import build
from evalkit.errors import ConfigError, TaskError
from evalkit.evaluators.base import BaseEvaluator, Metric, Scores, Unscored
from evalkit.evaluators.verdicts import Verdicts
from evalkit.postprocessors.chain import Postprocessor

Ruled = Scores | Unscored | None
"""What rules say of an answer; None where there are no rules."""

MIN_COVERAGE = 0.9


class JudgedEvaluator(BaseEvaluator):
    """Scores answers by rules, if there are any, and by the verdicts of a judge."""

    @property
    @abstractmethod
    def llm(self) -> 'GenericLLMEvaluator':
        """What the judge is asked, and how its judgements are read."""

    @property
    def on_judged(self) -> tuple[Postprocessor, ...]:
        """What is done to an answer that the judge is shown."""
        return ()

    @property
    def on_ruled(self) -> tuple[Postprocessor, ...]:
        """What is done to an answer before the rules see it."""
        return ()

    @abstractmethod
    def rule(self, outputs: Sequence[Any], references: Sequence[Any]) -> Sequence[Ruled]:
        """Return what rules say of each answer, which `on_ruled` has been done to."""

    @property
    def judges_all(self) -> bool:
        """Whether every answer is judged, so that the judge's process needs no rules."""
        return False

    @abstractmethod
    def needs_judge(self, ruled: Ruled) -> bool:
        """Whether the judge is asked about an answer of which the rules say this."""

    @abstractmethod
    def combine(self, ruled: Ruled, judged: Scores | None) -> Scores:
        """Return the scores of an answer; `judged` is None where the judge was not needed."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Refuse: without a judgement there is no score."""
        raise TaskError(f'{type(self).__name__} scores what a judge says of an answer')


class GenericLLMEvaluator(JudgedEvaluator):
    """A judge says of each answer whether it is right (OpenCompass's keys).

    `prompt_template` is filled with the columns of the dataset (those of `dataset_cfg`, where that
    is another one), `{prediction}`, and `{reference}` or `{obj_gold}`. `dict_postprocessor` names
    how verdicts are read: `generic_llmjudge_postprocess` (A or B), or a subclass of `Verdicts`.
    A conversation is judged once: `{prediction}` is a text of all its rounds, `{prediction_r1}` the
    first answer, and so on. The judge is `judge_cfg`, else the config's `judge_models`, else that
    of the variables OC_JUDGE_MODEL, OC_JUDGE_API_KEY and OC_JUDGE_API_BASE. Where less than
    `min_coverage` of the judgements have a verdict, the metric is withheld. `keep_predictions`
    changes nothing: the details have them.
    """

    takes_conversations = True

    def __init__(
        self,
        prompt_template: Mapping[str, Any],
        judge_cfg: Mapping[str, Any] | None = None,
        dataset_cfg: Mapping[str, Any] | None = None,
        dict_postprocessor: Mapping[str, Any] | None = None,
        keep_predictions: bool = False,
        min_coverage: float = MIN_COVERAGE,
    ) -> None:
        if not 0 <= min_coverage <= 1:
            raise ConfigError(f'min_coverage is a share from 0 to 1, not {min_coverage}')
        self.prompt_template = prompt_template
        self.judge_cfg = judge_cfg or {}
        self.dataset_cfg = dataset_cfg
        self.verdicts = make_verdicts(dict_postprocessor)
        self.min_coverage = min_coverage

    @property
    def llm(self) -> 'GenericLLMEvaluator':
        """This is what the judge is asked."""
        return self

    def rule(self, outputs: Sequence[Any], references: Sequence[Any]) -> Sequence[Ruled]:
        """Return nothing: there are no rules."""
        return [None] * len(outputs)

    @property
    def judges_all(self) -> bool:
        """There are no rules."""
        return True

    def needs_judge(self, ruled: Ruled) -> bool:
        """Every answer is judged."""
        return True

    def combine(self, ruled: Ruled, judged: Scores | None) -> Scores:
        """Return the scores of the verdict."""
        return judged or {}

    def aggregate(self, scores: Sequence[Scores], clusters: Sequence[int]) -> dict[str, Metric]:
        """Return the metrics of the verdicts."""
        return self.verdicts.aggregate(scores, clusters)


class LMEvaluator(GenericLLMEvaluator):
    """OpenCompass's older evaluator of this kind, which scores the answers of one model here.

    `output_path` and `pack_all_predictions` are accepted and have no effect. Comparisons of several
    models, meta reviews and several judge prompts for a sample are not supported.
    """

    def __init__(
        self,
        prompt_template: Mapping[str, Any],
        *,
        output_path: str = '',
        pack_all_predictions: bool = False,
        **keys: Any,
    ) -> None:
        super().__init__(prompt_template, **keys)


def make_verdicts(cfg: Mapping[str, Any] | None) -> Verdicts:
    """Return how verdicts are read: A and B, unless the config says otherwise."""
    found = build(cfg) if cfg else Verdicts()
    if not isinstance(found, Verdicts):
        raise ConfigError(
            f'dict_postprocessor: {(cfg or {})["type"]} makes no Verdicts; write a subclass of '
            'evalkit.evaluators.Verdicts, which reads one judgement'
        )
    return found
