"""Evaluators that compare an answer with the reference as a whole."""

from collections.abc import Iterable
from typing import Any

from evalkit.evaluators.base import BaseEvaluator
from evalkit.postprocessors import general_postprocess


class AccEvaluator(BaseEvaluator):
    """`accuracy`: whether answer and reference are the same text (OpenCompass's AccEvaluator)."""

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        """Return 1 for the same text, else 0."""
        return {'accuracy': float(str(output) == str(reference))}


class AccwithDetailsEvaluator(AccEvaluator):
    """OpenCompass's name for an accuracy with details, which every result here has.

    There a number never equals its text, such as 2 and '2'; here they are equal.
    """


class EMEvaluator(BaseEvaluator):
    """`score`: whether the answer is one of the references (OpenCompass's exact match).

    Of both only the first clause counts, without punctuation and articles; a reference may also be
    met as it stands. A reference is a text or a list of texts. (There the letters of a text count
    as references of their own.)
    """

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        """Return 1 if the answer is one of the references, else 0."""
        references = as_texts(reference)
        answer = general_postprocess(str(output))
        accepted = {*references, *map(general_postprocess, references)}
        return {'score': float(answer in accepted)}


def as_texts(reference: Any) -> list[str]:
    """Return a reference or several as texts; none at all is an error."""
    is_single = isinstance(reference, str) or not isinstance(reference, Iterable)
    texts = [str(item) for item in ([reference] if is_single else reference)]
    if not texts:
        raise ValueError('there is no reference')
    return texts
