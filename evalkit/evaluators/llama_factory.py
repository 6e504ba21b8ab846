"""`LlamaFactoryEvaluator`: the metrics that LLaMA-Factory's prediction writes."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from evalkit.config import import_extra
from evalkit.evaluators.base import BaseEvaluator

ORDERS = (1, 2, 3, 4)
ROUGE = ('rouge-1', 'rouge-2', 'rouge-l')
DIGITS = 6  # of a score from 0 to 1: LLaMA-Factory rounds percent to 4


class LlamaFactoryEvaluator(BaseEvaluator):
    """`bleu-4`, `rouge-1`, `rouge-2` and `rouge-l`, equal to LLaMA-Factory's to four decimals.

    ROUGE is F1 by rouge-chinese over the words of jieba; where either side has no word it is 0.

    BLEU-4 is over characters, of one sentence and one reference, as nltk's `sentence_bleu` with
    smoothing method 3 (Chen and Cherry 2014, https://aclanthology.org/W14-3346): with `p_n` the
    share of the answer's n-grams that the reference has (each as often as there), or
    `1 / (2**k * number of n-grams)` for the k-th n without any,

        BLEU = min(1, exp(1 - reference length / answer length)) * (p_1 p_2 p_3 p_4) ** (1/4)

    and 0 without a common character. An answer shorter than n counts as one n-gram.
    """

    def __init__(self) -> None:
        self.jieba = import_extra('jieba', 'scoring')
        self.jieba.setLogLevel('WARNING')
        self.rouge = import_extra('rouge_chinese', 'scoring').Rouge()

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        """Return the four scores."""
        answer, wanted = str(output), str(reference)
        scores = {'bleu-4': bleu(list(answer), list(wanted)), **self.rouge_scores(answer, wanted)}
        return {name: round(value, DIGITS) for name, value in scores.items()}

    def rouge_scores(self, output: str, reference: str) -> dict[str, float]:
        """Return the F1 of each kind of ROUGE."""
        answer, wanted = (' '.join(self.jieba.cut(text)) for text in (output, reference))
        if not answer.split() or not wanted.split():
            return dict.fromkeys(ROUGE, 0.0)
        [found] = self.rouge.get_scores(answer, wanted)
        return {name: float(found[name]['f']) for name in ROUGE}


def bleu(answer: Sequence[str], reference: Sequence[str]) -> float:
    """Return BLEU-4 with smoothing method 3, from 0 to 1."""
    if not set(answer) & set(reference):
        return 0.0
    logs, num_empty = [], 0
    for order in ORDERS:
        shared = (ngrams(answer, order) & ngrams(reference, order)).total()
        total = max(1, len(answer) - order + 1)
        num_empty += not shared
        logs.append(math.log(shared / total if shared else 1 / (2**num_empty * total)))
    brevity = min(1.0, math.exp(1 - len(reference) / len(answer)))
    return brevity * math.exp(math.fsum(logs) / len(ORDERS))


def ngrams(tokens: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    """Count the n-grams of a text."""
    return Counter(zip(*(tokens[start:] for start in range(order)), strict=False))
