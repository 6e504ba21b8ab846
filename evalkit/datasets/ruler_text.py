"""What the synthetic tasks of RULER consist of: each function makes a prompt of a given size.

The texts and the numbers are those of the paper's code; the draws are our own, so that the samples
are of the same kind and not the same.
"""

import math
import random
import re
import string
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from evalkit.config import import_extra
from evalkit.datasets.files import find_data, read_jsonl

Made = tuple[str, list[str]]
"""A prompt and what its answer must contain."""

Maker = Callable[[int, random.Random], Made]
"""Makes a sample of a size: words, sentences or documents, whatever the task is made of."""

NOISE = 'The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.'
NEEDLE = 'One of the special magic {kind} for {key} is: {value}.'


@cache
def english_words(*lists: str) -> tuple[str, ...]:
    """Return the words of lists of the package wonderwords: noun, adjective, verb."""
    package = Path(import_extra('wonderwords', 'ruler').__file__).parent
    files = [package / 'assets' / f'{name}list.txt' for name in lists]
    lines = [line.strip() for file in files for line in file.read_text('utf-8').split('\n')]
    return tuple(sorted(set(filter(None, lines))))


def numbered(words: Sequence[str]) -> str:
    """Return `1. first 2. second ...`."""
    return ' '.join(f'{number}. {word}' for number, word in enumerate(words, 1))


@dataclass(frozen=True, slots=True)
class Needles:
    """Sentences with a key and a value among a text; the values of some keys are asked for."""

    template: str
    haystack: str
    key_kind: str
    value_kind: str
    num_keys: int
    num_values: int
    num_queries: int
    essays: Sequence[str] = ()

    def make(self, size: int, draw: random.Random) -> Made:
        """Return a sample with `size` sentences, or words of essays, around the needles."""
        num_keys = max(self.num_keys, self.num_queries)
        keys = [draw_value(self.key_kind, draw) for _ in range(num_keys)]
        values = {
            key: [draw_value(self.value_kind, draw) for _ in range(self.num_values)] for key in keys
        }
        needles = [self.needle(key, value) for key in keys for value in values[key]]
        draw.shuffle(needles)
        asked = draw.sample(keys, self.num_queries)
        listed = ', and '.join(filter(None, [', '.join(asked[:-1]), asked[-1]]))
        wanted = [value for key in asked for value in values[key]]
        template, kind = self.template, self.value_kind
        if self.num_queries * self.num_values == 1:
            template, kind = singular(template), kind[:-1]
        context = self.hide(needles, size, draw)
        return template.format(type_needle_v=kind, context=context, query=listed), wanted

    def needle(self, key: str, value: str) -> str:
        """Return a needle."""
        return NEEDLE.format(kind=self.value_kind, key=key, value=value)

    def hide(self, needles: Sequence[str], size: int, draw: random.Random) -> str:
        """Return the text with the needles at drawn places."""
        if self.haystack == 'essay':
            words = [self.essays[number % len(self.essays)] for number in range(size)]
            sentences, joint = ' '.join(words).split('. '), ' '
        elif self.haystack == 'repeat':
            sentences, joint = [NOISE] * size, '\n'
        else:
            kinds = self.key_kind, self.value_kind
            pairs = [[draw_value(kind, draw) for kind in kinds] for _ in range(size)]
            sentences, joint = [self.needle(*pair) for pair in pairs], '\n'
        places = draw.sample(range(len(sentences) + 1), min(len(needles), len(sentences) + 1))
        for place, needle in zip(sorted(places, reverse=True), needles, strict=False):
            sentences.insert(place, needle)
        return joint.join(sentences)


def singular(template: str) -> str:
    """Return the template of a single needle."""
    changes = (('Some', 'A'), ('are all', 'is'), ('are', 'is'), ('answers', 'answer'))
    for plural, single in changes:
        template = template.replace(plural, single)
    return template


def draw_value(kind: str, draw: random.Random) -> str:
    """Return a number of seven digits, a pair of words, or a uuid."""
    if kind == 'numbers':
        return str(draw.randint(10**6, 10**7 - 1))
    if kind == 'uuids':
        return str(uuid.UUID(int=draw.getrandbits(128), version=4))
    return f'{draw.choice(english_words("adjective"))}-{draw.choice(english_words("noun"))}'


def read_essays(path: str) -> list[str]:
    """Return the words of the `text`s of a .jsonl file."""
    texts = [str(row.get('text', '')) for row in read_jsonl(find_data(path))]
    return re.split(r'\s+', ' '.join(texts).strip())


@dataclass(frozen=True, slots=True)
class CommonWords:
    """A list in which ten words are far more common than the others, after a short example."""

    template: str
    num_common: int
    times_common: int
    times_other: int
    is_short: bool

    def make(self, size: int, draw: random.Random) -> Made:
        """Return a sample with `size` different words."""
        times = (6, 1) if self.is_short else (self.times_common, self.times_other)
        example, common = self.part(*((20, 3, 1) if self.is_short else (40, 10, 3)), draw)
        question, wanted = self.part(size, *times, draw)
        return f'{example}{numbered(common)}\n{question}', wanted

    def part(self, size: int, common: int, other: int, draw: random.Random) -> Made:
        """Return a list with its question, and the words that are common."""
        words = draw.sample(english_words('noun', 'adjective', 'verb'), size)
        first, rest = words[: self.num_common], words[self.num_common :]
        whole = first * common + rest * other
        draw.shuffle(whole)
        return self.template.format(context=numbered(whole), query=''), first


@dataclass(frozen=True, slots=True)
class FrequentWords:
    """Coded words whose frequency falls with a power of their rank; dots are the most frequent."""

    template: str
    alpha: float
    word_length: int
    num_words: int

    def make(self, size: int, draw: random.Random) -> Made:
        """Return a sample with about `size` words."""
        words: dict[str, None] = {'...': None}
        while len(words) < self.num_words:
            words[''.join(draw.choices(string.ascii_lowercase, k=self.word_length))] = None
        vocabulary = list(words)
        scale = size / zeta(self.alpha)
        counts = [int(scale * rank**-self.alpha) for rank in range(1, len(vocabulary) + 1)]
        text = [word for word, times in zip(vocabulary, counts, strict=True) for _ in range(times)]
        draw.shuffle(text)
        return self.template.format(context=' '.join(text), query=''), vocabulary[1:4]


@cache
def zeta(alpha: float) -> float:
    """Return Riemann's zeta function for a number above 1."""
    last = 100_000
    tail = float(last ** (1 - alpha)) / (alpha - 1)
    return math.fsum(rank**-alpha for rank in range(1, last)) + tail


@dataclass(frozen=True, slots=True)
class Variables:
    """Chains of assignments among noise; all variables with the first value are asked for."""

    template: str
    num_chains: int
    num_hops: int

    def make(self, size: int, draw: random.Random) -> Made:
        """Return a sample with `size` repetitions of the noise."""
        names = self.names(draw)
        sentences = [f'{NOISE}\n'] * size
        first_value = ''
        for number in range(self.num_chains):
            chain = names[number * (self.num_hops + 1) :][: self.num_hops + 1]
            value = str(draw.randint(10_000, 99_998))
            first_value = first_value or value
            lines = [f'VAR {chain[0]} = {value}']
            lines += [f'VAR {name} = VAR {before} ' for before, name in pairwise(chain)]
            places = sorted(draw.choices(range(len(sentences) + 1), k=len(lines)))
            for shift, (place, line) in enumerate(zip(places, lines, strict=True)):
                sentences.insert(place + shift, line)
        context = ' '.join(sentences).replace('. \n', '.\n')
        num_asked = self.num_hops + 1
        text = self.template.format(context=context, query=first_value, num_v=num_asked)
        return text, names[:num_asked]

    def names(self, draw: random.Random) -> list[str]:
        """Return different names of five capital letters, one for each assignment."""
        names: dict[str, None] = {}
        while len(names) < self.num_chains * (self.num_hops + 1):
            names[''.join(draw.choices(string.ascii_uppercase, k=5))] = None
        return list(names)


@dataclass(frozen=True, slots=True)
class Documents:
    """A question with its documents among others."""

    template: str
    question: str
    answers: Sequence[str]
    own: Sequence[str]
    others: Sequence[str]

    def make(self, size: int, draw: random.Random) -> Made:
        """Return a sample with `size` documents, the question's own among them."""
        others = [text for text in self.others if text not in self.own]
        num_more = min(max(size - len(self.own), 0), len(others))
        documents = [*self.own, *draw.sample(others, num_more)]
        draw.shuffle(documents)
        listed = (f'Document {number}:\n{text}' for number, text in enumerate(documents, 1))
        context = '\n\n'.join(listed)
        return self.template.format(context=context, query=self.question), list(self.answers)
