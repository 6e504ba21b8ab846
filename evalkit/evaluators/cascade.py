"""CascadeEvaluator: rules first, and a judge for what they call wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.config import build
from evalkit.errors import ConfigError
from evalkit.evaluators.base import BaseEvaluator, Metric, Scores, Unscored, mean_metrics
from evalkit.evaluators.borrowed import own_or_borrowed
from evalkit.evaluators.judged import GenericLLMEvaluator, JudgedEvaluator, Ruled
from evalkit.postprocessors.chain import Postprocessor, postprocessors


class CascadeEvaluator(JudgedEvaluator):
    """An answer is right if the rules or the judge say so (OpenCompass's keys).

    With `parallel=False` the judge is asked only about what `rule_evaluator` does not call right;
    with `parallel=True`, the default there and here, about every answer. Each of the two evaluators
    may have a `pred_postprocessor` of its own. Besides the metric there is the one of the rules
    alone, `rule_accuracy`.
    """

    def __init__(
        self,
        llm_evaluator: Mapping[str, Any],
        rule_evaluator: Mapping[str, Any],
        parallel: bool = True,
    ) -> None:
        self._on_ruled, self.rules = build_evaluator(rule_evaluator)
        self._on_judged, llm = build_evaluator(llm_evaluator)
        if not isinstance(llm, GenericLLMEvaluator):
            raise ConfigError(f'llm_evaluator: {type(llm).__name__} does not ask a judge')
        self._llm = llm
        self.parallel = parallel

    @property
    def llm(self) -> GenericLLMEvaluator:
        """The evaluator that asks the judge."""
        return self._llm

    @property
    def on_judged(self) -> tuple[Postprocessor, ...]:
        """The postprocessor of the evaluator that asks the judge."""
        return self._on_judged

    @property
    def on_ruled(self) -> tuple[Postprocessor, ...]:
        """The postprocessor of the rules."""
        return self._on_ruled

    def rule(self, outputs: Sequence[Any], references: Sequence[Any]) -> Sequence[Ruled]:
        """Return the scores by rules."""
        return self.rules.score_all(outputs, references)

    @property
    def judges_all(self) -> bool:
        """Whether the judge is asked whatever the rules say."""
        return self.parallel

    def needs_judge(self, ruled: Ruled) -> bool:
        """Whether the rules do not call an answer right, or everything is judged."""
        return self.parallel or rule_score(ruled) < 1

    def combine(self, ruled: Ruled, judged: Scores | None) -> Scores:
        """Return the better of both scores, and that of the rules."""
        name = self.llm.verdicts.metric_name
        by_rule = rule_score(ruled)
        by_judge = judged[name] if judged is not None else 0.0
        return {name: max(by_rule, by_judge), f'rule_{name}': by_rule}

    def aggregate(self, scores: Sequence[Scores], clusters: Sequence[int]) -> dict[str, Metric]:
        """Return the means of both scores."""
        return mean_metrics(scores, clusters)


def rule_score(ruled: Ruled) -> float:
    """Return the main score by rules; an answer that they cannot read is not right by them."""
    if ruled is None or isinstance(ruled, Unscored):
        return 0.0
    return next(iter(ruled.values()), 0.0)


def build_evaluator(cfg: Mapping[str, Any]) -> tuple[tuple[Postprocessor, ...], BaseEvaluator]:
    """Return an evaluator with the `pred_postprocessor` that the config of any may name."""
    own = {key: value for key, value in cfg.items() if key != 'pred_postprocessor'}
    evaluator = own_or_borrowed(build(own))
    return postprocessors(cfg.get('pred_postprocessor')), evaluator
