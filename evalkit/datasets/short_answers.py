"""Answers of a few words that have several right spellings, as TriviaQA, NQ and DROP have them."""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from evalkit.evaluators import BaseEvaluator, Scores

STATEMENT = re.compile(r'(?:answer\s+is|answer\s*:|\ba\s*:)', re.IGNORECASE)

PUNCTUATION = str.maketrans(dict.fromkeys(string.punctuation + '‘’“”´`', ' '))


class AliasEvaluator(BaseEvaluator):
    """`score`: whether an answer contains one of the right ones, as whole words; `exact_match`.

    Case, articles and punctuation do not count, as in TriviaQA's own script. (OpenCompass compares
    letters, so that 'no' is found in 'north', and only up to the first full stop.)
    """

    version = '1'

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare the first line of an output with a list of right answers."""
        given = words(stated(str(output)))
        right = [alias for alias in map(words, aliases(reference)) if alias]
        return {
            'score': float(any(contains(given, alias) for alias in right)),
            'exact_match': float(given in right),
        }


def aliases(reference: Any) -> Sequence[str]:
    """Return the right answers; a text is the only one."""
    return [reference] if isinstance(reference, str) else [str(each) for each in reference]


def stated(text: str) -> str:
    """Return what the first line states as its answer, or the whole line."""
    line = text.strip().split('\n', 1)[0]
    return STATEMENT.split(line)[-1]


def words(text: str) -> list[str]:
    """Return the words of a text in a form in which equal words are equal texts."""
    letters = unicodedata.normalize('NFKC', text).casefold().translate(PUNCTUATION)
    return [word for word in letters.split() if word not in ('a', 'an', 'the')]


def contains(whole: Sequence[str], part: Sequence[str]) -> bool:
    """Tell whether some words stand in others, side by side."""
    last = len(whole) - len(part)
    return any(whole[start : start + len(part)] == part for start in range(last + 1))


def overlap(given: Iterable[str], right: Iterable[str]) -> float:
    """Return the F1 of two bags of words."""
    first, second = Counter(given), Counter(right)
    shared = (first & second).total()
    return 2 * shared / (first.total() + second.total()) if shared else 0.0
