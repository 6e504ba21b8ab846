"""MATHVerifyEvaluator: whether a mathematical answer means the same as the reference."""

import re
from fractions import Fraction
from typing import Any

from evalkit.evaluators.accuracy import as_texts
from evalkit.evaluators.math_answer import final_answer
from evalkit.evaluators.math_text import comparable, members, number_of, one_spelling
from evalkit.evaluators.math_values import ROUNDED, load, means_same
from evalkit.evaluators.workers import KillableEvaluator

LAST_PLACE = Fraction(1, 2_000_000)
"""Decimals are compared to six places."""

BASE = re.compile(r'(?<=\d)_\{?(\d+)\}?')


class MATHVerifyEvaluator(KillableEvaluator):
    r"""`accuracy` by math-verify, which compares formulas as OpenCompass does, with more care.

    The answer is what stands in the last `\boxed{}` or in a later 'final answer is $...$', after
    the last 'answer is', or a short output of one formula. (math-verify takes any last number, and
    decimal commas.) A number is compared as such: commas, units, currency, LaTeX and percent (a
    part of 1; math-verify calls 50 % and 50 equal) are understood; decimals agree to six places.
    Everything else is math-verify's, checked against its known errors (`math_values.py`). A
    formula that takes more than `seconds` is an error of its sample and no wrong answer. Several
    references may be given in a list.
    """

    def prepare(self) -> None:
        """Load math-verify."""
        load()

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        """Return 1 if the answer means the same as a reference, else 0."""
        references = [text for text in as_texts(reference) if text.strip()]
        if not references:
            raise ValueError('the reference is empty')
        answer = final_answer(str(output))
        is_right = answer is not None and any(is_equal(answer, text) for text in references)
        return {'accuracy': float(is_right)}


def is_equal(answer: str, reference: str) -> bool:
    """Whether an answer means the same as a reference, each as it was written."""
    return is_same(one_spelling(answer), one_spelling(final_answer(reference) or reference))


def is_same(one: str, other: str) -> bool:
    """Whether two texts in one spelling mean the same, by the cheapest way that can tell."""
    if comparable(one) == comparable(other):
        return bool(comparable(other))
    numbers = number_of(one), number_of(other)
    if numbers[0] is not None and numbers[1] is not None:
        return are_near(numbers[0], numbers[1], has_decimals='.' in one + other)
    if has_other_base(one, other):
        return False
    pairs = members(one), members(other)
    if pairs[0] and pairs[1] and len(pairs[0][1]) == len(pairs[1][1]):
        is_paired = all(map(is_same, pairs[0][1], pairs[1][1]))
        return is_paired and pairs[0][0] == pairs[1][0]
    return means_same(one, other)


def are_near(one: Fraction, other: Fraction, has_decimals: bool) -> bool:
    """Whether two numbers are equal, or agree to six decimal places where one is a decimal."""
    if one == other or not has_decimals:
        return one == other
    difference = abs(one - other)
    return difference <= LAST_PLACE and difference <= ROUNDED * max(abs(one), abs(other))


def has_other_base(one: str, other: str) -> bool:
    """Whether both name the base of a number, such as 11_2 and 11_3, and not the same one."""
    bases = BASE.findall(one), BASE.findall(other)
    return bool(bases[0] and bases[1]) and bases[0] != bases[1]
