"""SquadEvaluator: how many words an answer shares with the reference."""

import re
import string
from collections import Counter
from typing import Any

from evalkit.evaluators.accuracy import as_texts
from evalkit.evaluators.base import BaseEvaluator

ARTICLES = re.compile(r'\b(?:a|an|the)\b')
NO_PUNCTUATION = str.maketrans('', '', string.punctuation)


class SquadEvaluator(BaseEvaluator):
    """`f1` over words, and `exact_match`, of the first line (SQuAD's script, by OpenCompass).

    A reference is a text or a list of texts, of which the best counts. Where nothing but articles
    and punctuation is left of one side, the score is whether it is so on the other side, too, as
    in SQuAD 2 (https://rajpurkar.github.io/SQuAD-explorer/).
    """

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        """Return the two scores."""
        answer = squad_words(str(output).split('\n')[0])
        references = [squad_words(text) for text in as_texts(reference)]
        return {
            'f1': max(word_f1(answer, words) for words in references),
            'exact_match': float(answer in references),
        }


def squad_words(text: str) -> list[str]:
    """Return the words of a text in small letters, without punctuation and articles."""
    return ARTICLES.sub(' ', text.lower().translate(NO_PUNCTUATION)).split()


def word_f1(answer: list[str], reference: list[str]) -> float:
    """Return the harmonic mean of precision and recall of the words."""
    if not answer or not reference:
        return float(answer == reference)
    num_shared = (Counter(answer) & Counter(reference)).total()
    return 2 * num_shared / (len(answer) + len(reference))
