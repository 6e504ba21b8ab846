"""Evaluators that compare an answer with the reference as a whole."""

from typing import Any

from evalkit.evaluators.base import BaseEvaluator


class AccEvaluator(BaseEvaluator):
    """`accuracy`: whether answer and reference are the same text (OpenCompass's AccEvaluator)."""

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        """Return 1 for the same text, else 0."""
        return {'accuracy': float(str(output) == str(reference))}
