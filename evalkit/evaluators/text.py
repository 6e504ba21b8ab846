"""Evaluators of free text by the n-grams that it shares with a reference: ROUGE and BLEU."""

from collections.abc import Sequence
from typing import Any

from evalkit.config import import_extra
from evalkit.evaluators.accuracy import as_texts
from evalkit.evaluators.base import BaseEvaluator, Metric, Scores
from evalkit.evaluators.bootstrap import bootstrap_stderr
from evalkit.evaluators.noted import NotedScores, notes
from evalkit.postprocessors import general_postprocess

ROUGE_TYPES = ('rouge1', 'rouge2', 'rougeL', 'rougeLsum')


class RougeEvaluator(BaseEvaluator):
    """`rouge1`, `rouge2`, `rougeL`, `rougeLsum`: F1 by Google's rouge-score, without stemming.

    It knows only the letters a to z and digits; a reference without any is an error and no 0
    (Chinese has JiebaRougeEvaluator). Of several references the best counts. OpenCompass gives the
    median of bootstrap draws, which is about the mean that is given here.
    """

    def __init__(self) -> None:
        scorer = import_extra('rouge_score.rouge_scorer', 'scoring')
        self.tokenizer = import_extra('rouge_score.tokenizers', 'scoring').DefaultTokenizer()
        self.scorer = scorer.RougeScorer(ROUGE_TYPES, tokenizer=self.tokenizer)

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        """Return the F1 of each kind."""
        references = as_texts(reference)
        if not any(self.tokenizer.tokenize(text) for text in references):
            raise ValueError('ROUGE knows no word of the reference; try JiebaRougeEvaluator')
        found = self.scorer.score_multi(references, str(output))
        return {name: float(found[name].fmeasure) for name in ROUGE_TYPES}


class JiebaRougeEvaluator(BaseEvaluator):
    """`rouge1`, `rouge2`, `rougeL` of Chinese: F1 by rouge-chinese over the words of jieba.

    Only the first clause of both sides counts, as in OpenCompass.
    """

    def __init__(self) -> None:
        self.jieba = import_extra('jieba', 'scoring')
        self.jieba.setLogLevel('WARNING')
        self.rouge = import_extra('rouge_chinese', 'scoring').Rouge()

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        """Return the F1 of each kind; an answer without a word has 0."""
        answer, wanted = self.words(str(output)), self.words(str(reference))
        if not wanted:
            raise ValueError('the reference has no word')
        if not answer:
            return dict.fromkeys(ROUGE_TYPES[:3], 0.0)
        [found] = self.rouge.get_scores(answer, wanted)
        return {name: float(found[f'rouge-{name[5:].lower()}']['f']) for name in ROUGE_TYPES[:3]}

    def words(self, text: str) -> str:
        """Return the words of the first clause with spaces between them."""
        return ' '.join(self.jieba.cut(general_postprocess(text)))


NGRAM_ORDERS = 4


class BleuEvaluator(BaseEvaluator):
    """`score`: the BLEU of all answers together by sacrebleu, as in OpenCompass.

    In the details a sample has the BLEU of its own sentence; that of the corpus is not their mean,
    so that its standard error comes from a bootstrap. `tokenize` is sacrebleu's: '13a', 'zh', ...
    """

    def __init__(self, tokenize: str = '13a') -> None:
        self.bleu = import_extra('sacrebleu.metrics', 'scoring').BLEU(
            tokenize=tokenize, effective_order=True
        )

    def score(self, output: Any, reference: Any) -> NotedScores[list[float]]:
        """Return the BLEU of a sentence, with its counts for that of the corpus."""
        found = self.bleu.sentence_score(str(output), as_texts(reference))
        counts = [*found.counts, *found.totals, found.sys_len, found.ref_len]
        return NotedScores({'score': found.score / 100}, list(map(float, counts)))

    def aggregate(self, scores: Sequence[Scores], clusters: Sequence[int]) -> dict[str, Metric]:
        """Return the BLEU of the corpus."""
        rows = notes(scores, list[float])
        value = self.corpus_score([sum(column) for column in zip(*rows, strict=True)])
        return {'score': Metric(value, bootstrap_stderr(rows, clusters, self.corpus_score))}

    def corpus_score(self, sums: Sequence[float]) -> float:
        """Return BLEU from 0 to 100, from n-grams that match, all n-grams, and the lengths."""
        counts = [int(number) for number in sums]
        found = self.bleu.compute_bleu(
            correct=counts[:NGRAM_ORDERS],
            total=counts[NGRAM_ORDERS:-2],
            sys_len=counts[-2],
            ref_len=counts[-1],
            smooth_method='exp',
        )
        return float(found.score)
