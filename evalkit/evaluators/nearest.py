"""EDAccEvaluator: the option that is written most like the answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.evaluators.base import BaseEvaluator


class EDAccEvaluator(BaseEvaluator):
    """`accuracy`: whether the option nearest to an answer by edit distance is the right one.

    A reference is `{'candidates': [...], 'label': number}`; a candidate is a text, or several
    ways to write it. Of options that are equally near the first counts, as in OpenCompass. (There
    an answer of nothing is nearest to the shortest option; here it is wrong.)
    """

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        """Return 1 if the nearest candidate is the one of the label, else 0."""
        answer = str(output)
        if not answer.strip():
            return {'accuracy': 0.0}
        return {'accuracy': float(nearest(answer, reference) == reference['label'])}


def nearest(answer: str, reference: Mapping[str, Any]) -> int:
    """Return the number of the candidate that is nearest to an answer."""
    distances = [
        min(edit_distance(way, answer) for way in ways(candidate))
        for candidate in reference['candidates']
    ]
    return distances.index(min(distances))


def ways(candidate: str | Sequence[str]) -> Sequence[str]:
    """Return the ways to write a candidate."""
    return [candidate] if isinstance(candidate, str) else candidate


def edit_distance(one: str, other: str) -> int:
    """Return how many letters must be put in, taken out or replaced to make one text another.

    A column of the table is two whole numbers, whose bits say where it rises and where it falls
    (Myers 1999, https://doi.org/10.1145/316542.316550).
    """
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for number, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << number
    every, last = (1 << len(one)) - 1, 1 << (len(one) - 1)
    rising, falling, distance = every, 0, len(one)
    for letter in other:
        same = places.get(letter, 0)
        diagonal = (((same & rising) + rising) ^ rising) | same
        more, less = falling | ~(diagonal | rising), rising & diagonal
        distance += bool(more & last) - bool(less & last)
        more, less = (more << 1) | 1, less << 1
        upright = same | falling
        rising, falling = (less | ~(upright | more)) & every, more & upright & every
    return distance
