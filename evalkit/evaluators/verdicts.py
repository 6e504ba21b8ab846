"""What a judge says, read so that nothing else is taken for a verdict."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evalkit.evaluators.base import Metric, Scores, mean_metrics
from evalkit.postprocessors import extract_non_reasoning_content

PREFIX = re.compile(
    r'(?:the|my|final|overall|最终|\s)*(?:verdict|judge?ment|grade|decision|判断|判定|结论|评判结果)'
    r'(?:\s+is)?\s*[:：]\s*',
    re.IGNORECASE,
)
"""What may stand before a verdict in its line. ('Answer: B' may be the candidate's own.)"""

ANCHORED = re.compile(
    r"""\b(?:grade|verdict|judge?ment|decision)(?:\s+(?:is|was|of|as)\b|\s*[:：=])[\s*_`"'(\[]*
    \b([A-Za-z]+)\b(?=[\s*_`"')\]]*(?:[.,;:!(–—-]|$))""",
    re.IGNORECASE | re.VERBOSE,
)
"""A verdict within a sentence, as in 'so the grade is B.'"""

DECORATION = re.compile(r'\\boxed|[*_`"\'()\[\]{}<>$.。!]')
FENCED = re.compile(r'```(?:json)?\s*(\{.*\})\s*```', re.DOTALL)
JSON_KEYS = ('verdict', 'judgement', 'judgment', 'grade', 'decision', 'correct', 'is_correct')

CORRECT = ('CORRECT', 'TRUE', '正确')
INCORRECT = ('INCORRECT', 'FALSE', '错误', '不正确')


class VerdictError(ValueError):
    """A judgement without a verdict, or with two."""


class Verdicts:
    """Finds the verdict of a judgement: one of `labels`, each a letter with the words for it.

    It must be the whole judgement or its last line ('B', '**INCORRECT**', 'Verdict: B',
    'B: INCORRECT', '[[B]]'), or a JSON object with a `verdict`, `grade` or `correct`; where there
    is none, the last line may name it in a sentence ('so the grade is B.'), of which the last
    counts. 'The answer is B' is none, and neither is a judgement with lines for both. Reasoning
    before '</think>' is passed over. A subclass gives other labels, scores and metrics.
    """

    labels: Mapping[str, Sequence[str]] = {'A': CORRECT, 'B': INCORRECT}

    def __init__(self, metric_name: str = 'accuracy') -> None:
        self.metric_name = metric_name
        self.meanings = {
            plain(spelling): label
            for label, words in self.labels.items()
            for spelling in (label, *words, *(f'{label}: {word}' for word in words))
        }

    def read(self, judgement: str) -> str:
        """Return the label of the verdict, or raise `VerdictError`."""
        text = extract_non_reasoning_content(judgement)
        lines = [line for line in text.splitlines() if line.strip()]
        if not lines:
            raise VerdictError('the judgement is empty')
        found = {label for value in json_verdicts(text, lines[-1]) if (label := self.label(value))}
        if not found and self.label(lines[-1]):
            found = {label for line in lines if (label := self.label(line))}
        if not found:
            found = self.named_last(lines[-1])
        if len(found) != 1:
            known = ' or '.join(f'{label} ({words[0]})' for label, words in self.labels.items())
            raise VerdictError(f'neither the judgement nor its last line is {known}: {lines[-1]}')
        return found.pop()

    def label(self, text: Any) -> str | None:
        """Return the label that a line or a value of a JSON object is."""
        return self.meanings.get(plain(PREFIX.sub('', plain(str(text)), count=1)))

    def named_last(self, line: str) -> set[str]:
        """Return the label that a sentence names last; a small 'a' is an article."""
        named = [word for word in ANCHORED.findall(line) if word != 'a']
        label = self.label(named[-1]) if named else None
        return {label} if label else set()

    def scores(self, label: str) -> Scores:
        """Return the scores of an answer with this verdict."""
        return {self.metric_name: float(label == 'A')}

    def aggregate(self, scores: Sequence[Scores], clusters: Sequence[int]) -> dict[str, Metric]:
        """Return the metrics of the answers that have a verdict."""
        return mean_metrics(scores, clusters)


def plain(text: str) -> str:
    """Return a text without marks around its words, in capitals."""
    words = DECORATION.sub(' ', text.replace('：', ':')).replace('-', ' ').upper().split()
    return ' '.join(words).replace(' :', ':')


def json_verdicts(text: str, last_line: str) -> Iterator[Any]:
    """Yield what the JSON object says that is the judgement, its last line, or fenced in it."""
    fenced = FENCED.findall(text)
    for candidate in (text.strip(), last_line.strip(), *fenced[-1:]):
        try:
            value = json.loads(candidate)
        except ValueError:
            continue
        if isinstance(value, Mapping):
            yield from (value[key] for key in JSON_KEYS if key in value)
            return


def generic_llmjudge_postprocess(metric_name: str = 'accuracy') -> Verdicts:
    """Return how 'A' (CORRECT) and 'B' (INCORRECT) are read and scored.

    (OpenCompass takes the first A or B anywhere in the text, and B where there is none.)
    """
    return Verdicts(metric_name)


def generic_llmjudge_academic_postprocess(metric_name: str = 'accuracy') -> Verdicts:
    """Return the same, by OpenCompass's name for its academic summaries."""
    return Verdicts(metric_name)
