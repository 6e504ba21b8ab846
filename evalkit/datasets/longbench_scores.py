"""The metrics of LongBench (https://github.com/THUDM/LongBench, metrics.py): all named `score`."""

import re
import string
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

from evalkit.config import import_extra
from evalkit.errors import ConfigError
from evalkit.evaluators import BaseEvaluator, Scores
from evalkit.evaluators.accuracy import as_texts
from evalkit.evaluators.overlap import squad_words

Language = Literal['en', 'zh']

CHINESE_PUNCTUATION = (
    '！？｡。＂＃＄％＆＇（）＊＋，－／：；＜＝＞＠［＼］＾＿'
    '｀｛｜｝～｟｠｢｣､、〃》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰〾〿–—‘’‛“”„‟…‧﹏.'
)
NO_PUNCTUATION = str.maketrans('', '', string.punctuation + CHINESE_PUNCTUATION)
NUMBER = re.compile(r'\d+')
PARAGRAPH = {'en': re.compile(r'Paragraph (\d+)'), 'zh': re.compile(r'段落(\d+)')}
COMMENTS = ('`', '#', '//')


def check_language(language: str) -> Language:
    """Return the language, if it is one of the two."""
    if language not in ('en', 'zh'):
        raise ConfigError(f"language must be 'en' or 'zh', not {language!r}")
    return language  # type: ignore[return-value]


def chinese_words(text: str) -> list[str]:
    """Return the words that jieba finds, in small letters and without punctuation."""
    words = import_extra('jieba', 'scoring').cut(text, cut_all=False)
    plain = (''.join(word.lower().translate(NO_PUNCTUATION).split()) for word in words)
    return [word for word in plain if word]


def share(output: str, wanted: str) -> float:
    """Return which part of the numbers in a text is the wanted one."""
    numbers = NUMBER.findall(output)
    return numbers.count(wanted) / len(numbers) if numbers else 0.0


class LongBenchF1Evaluator(BaseEvaluator):
    """The F1 of the words of an answer, with the best of several references."""

    def __init__(self, language: Language = 'en') -> None:
        self.words = squad_words if check_language(language) == 'en' else chinese_words

    def score(self, output: Any, reference: Any) -> Scores:
        """Return the highest F1."""
        answer = Counter(self.words(str(output)))
        references = [Counter(self.words(text)) for text in as_texts(reference)]
        return {'score': max(f1(answer, each) for each in references)}


def f1(answer: Counter[str], reference: Counter[str]) -> float:
    """Return the harmonic mean of precision and recall."""
    shared = (answer & reference).total()
    return 2 * shared / (answer.total() + reference.total()) if shared else 0.0


class LongBenchRougeEvaluator(BaseEvaluator):
    """ROUGE-L (F1) by the package `rouge`, with the best of several references.

    Of Chinese it is over the words of jieba.
    """

    def __init__(self, language: Language = 'en') -> None:
        self.language = check_language(language)
        self.rouge = import_extra('rouge', 'scoring').Rouge(metrics=['rouge-l'])
        if language == 'zh':
            self.jieba = import_extra('jieba', 'scoring')
            self.jieba.setLogLevel('WARNING')

    def score(self, output: Any, reference: Any) -> Scores:
        """Return the highest F1; an answer without a word has 0."""
        answer = self.spaced(str(output))
        references = [self.spaced(text) for text in as_texts(reference)]
        return {'score': max(self.of_pair(answer, each) for each in references)}

    def spaced(self, text: str) -> str:
        """Return a text with spaces between its words."""
        return ' '.join(self.jieba.cut(text, cut_all=False)) if self.language == 'zh' else text

    def of_pair(self, answer: str, reference: str) -> float:
        """Return the F1 of an answer and a reference."""
        if not has_words(answer) or not has_words(reference):
            return 0.0
        return float(self.rouge.get_scores(answer, reference)[0]['rouge-l']['f'])


def has_words(text: str) -> bool:
    """Whether the package `rouge` finds a word: it splits sentences at full stops."""
    return any(sentence.split() for sentence in text.split('.'))


class LongBenchCountEvaluator(BaseEvaluator):
    """Which part of the numbers in an answer is the right one."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Return the share for the first reference, which is the only one."""
        return {'score': share(str(output), as_texts(reference)[0])}


class LongBenchRetrievalEvaluator(BaseEvaluator):
    """Which part of the numbers in an answer is that of the right paragraph."""

    def __init__(self, language: Language = 'en') -> None:
        self.paragraph = PARAGRAPH[check_language(language)]

    def score(self, output: Any, reference: Any) -> Scores:
        """Return the share for the paragraph that the reference names."""
        text = as_texts(reference)[0]
        match = self.paragraph.search(text)
        if match is None:
            raise ValueError(f'the reference names no paragraph: {text!r:.60}')
        return {'score': share(str(output), match[1])}


class LongBenchCodeSimEvaluator(BaseEvaluator):
    """How near the first line of code comes to the reference, by difflib's ratio in percent."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Return the highest similarity."""
        line = first_code_line(str(output))
        return {'score': max(similarity(line, text) for text in as_texts(reference))}


def first_code_line(text: str) -> str:
    """Return the first line that has no mark of a comment or of a fence."""
    lines = text.lstrip('\n').split('\n')
    return next((line for line in lines if not any(mark in line for mark in COMMENTS)), '')


def similarity(one: str, other: str) -> float:
    """Return how much two texts have in common, rounded to percents."""
    return round(100 * SequenceMatcher(None, one, other).ratio()) / 100 if one or other else 0.0


class LongBenchClassificationEvaluator(BaseEvaluator):
    """1 over the number of classes that an answer names, if the right one is among them.

    A class whose name is only a part of the right one's does not count.
    """

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare with a mapping of `answers` and `all_classes`."""
        right = as_texts(reference['answers'])
        return {'score': max(among(str(output), each, reference['all_classes']) for each in right)}


def among(output: str, right: str, classes: Sequence[str] | Iterable[str]) -> float:
    """Return the share of the right class among those that are named."""
    named = [name for name in classes if name in output and (name == right or name not in right)]
    return 1 / len(named) if right in named else 0.0
