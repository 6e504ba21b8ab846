"""Evaluators of the tests' own."""

from typing import Any

from evalkit.errors import BackendError
from evalkit.evaluators import BaseEvaluator


class LengthEvaluator(BaseEvaluator):
    """Two scores an answer; it trips over one that is no number."""

    version = '7'

    def score(self, output: str, reference: Any) -> dict[str, float]:
        return {'tenth': int(output) / 10, 'long': float(len(output) > 1)}


class NotANumberEvaluator(BaseEvaluator):
    """Gives a score that is none to the answer 'nan'."""

    def score(self, output: str, reference: Any) -> dict[str, float]:
        return {'value': float('nan') if output == 'nan' else 1.0}


class UnevenEvaluator(BaseEvaluator):
    """Gives some answers one score more than others."""

    def score(self, output: str, reference: Any) -> dict[str, float]:
        return {'a': 1.0, 'b': 1.0} if output == '2' else {'a': 1.0}


class DeadJudgeEvaluator(BaseEvaluator):
    """Cannot score anything."""

    def score(self, output: str, reference: Any) -> dict[str, float]:
        raise BackendError('the judge does not answer')
