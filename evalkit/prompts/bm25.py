"""Okapi BM25: how well each row of a corpus fits a query."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

K1, B, EPSILON = 1.5, 0.75, 0.25
"""The values of the package rank-bm25, which OpenCompass uses; the scores are the same."""

TOKEN = re.compile(r'[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+?(?=[\u3040-\u9fff])|\w+|[^\w\s]')


def words(text: str) -> list[str]:
    """Return words and marks; a character of Chinese, Japanese or Korean is a word."""
    return TOKEN.findall(text)


class Bm25:
    """An inverted index, so that a query looks only at the rows that share a word with it."""

    def __init__(self, corpus: Sequence[Sequence[str]]) -> None:
        lengths = [len(row) for row in corpus]
        mean_length = math.fsum(lengths) / max(len(lengths), 1) or 1.0
        self.weights = [K1 * (1 - B + B * length / mean_length) for length in lengths]
        self.postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, row in enumerate(corpus):
            for word, count in Counter(row).items():
                self.postings[word].append((number, count))
        self.importance = inverse_frequencies(self.postings, len(corpus))

    def scores(self, query: Sequence[str]) -> dict[int, float]:
        """Return the score of each row that shares a word with the query; the others have 0."""
        found: dict[int, float] = defaultdict(float)
        for word in query:
            importance = self.importance.get(word, 0.0)
            for number, count in self.postings.get(word, ()):
                found[number] += importance * count * (K1 + 1) / (count + self.weights[number])
        return found


def inverse_frequencies(
    postings: Mapping[str, Sequence[object]], num_rows: int
) -> dict[str, float]:
    """Return how telling each word is; one in most rows has a share of the mean."""
    found = {
        word: math.log(num_rows - len(rows) + 0.5) - math.log(len(rows) + 0.5)
        for word, rows in postings.items()
    }
    floor = EPSILON * math.fsum(found.values()) / max(len(found), 1)
    return {word: floor if value < 0 else value for word, value in found.items()}
