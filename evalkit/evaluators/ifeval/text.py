"""How IFEval's instructions count words, sentences and paragraphs."""

import re

WORD = re.compile(r'\w+')
TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")

ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof sr jr st vs etc inc ltd co corp e.g i.e p.s p.p.s u.s u.k a.m p.m fig
    vol approx dept est gen col capt lt rev sen rep gov ph.d b.a m.a jan feb mar apr jun jul aug
    sep sept oct nov dec""".split()  # noqa: SIM905 - a list of 50 texts would be a page
)
"""Words whose full stop seldom ends a sentence."""

ENDING = re.compile(r'[.!?…。！？]+["\'”’)\]*_]*(?=\s|$)|[。！？]+|\n\s*\n')


def count_words(text: str) -> int:
    """Return the number of runs of letters, digits and underscores."""
    return len(WORD.findall(text))


def tokens(text: str) -> list[str]:
    """Return words with their hyphens and apostrophes."""
    return TOKEN.findall(text)


def count_sentences(text: str) -> int:
    """Return the number of sentences: they end in a mark before white space, or in a blank line.

    (The paper's own check asks the trained tokenizer `punkt` of nltk. This one needs no data, and
    agrees on plain prose: abbreviations, initials and numbers end no sentence.)
    """
    count, start = 0, 0
    for match in ENDING.finditer(text):
        if is_abbreviation(text[start : match.end()]) and text[match.end() :].strip():
            continue
        count += has_words(text[start : match.end()])
        start = match.end()
    return count + has_words(text[start:])


def is_abbreviation(text: str) -> bool:
    """Whether the last word of a text, with one full stop, is an abbreviation or an initial."""
    words = text.rstrip('"\'”’)]*_ ').split()
    if not words or not words[-1].endswith('.') or words[-1].endswith('..'):
        return False
    word = words[-1].strip('("\'“‘*_[').removesuffix('.')
    is_initial = len(word) == 1 and word.isupper() and word != 'I'
    is_number = word.isdigit() and len(words) == 1  # '1.' of a list
    return is_initial or is_number or word.lower() in ABBREVIATIONS


def has_words(text: str) -> bool:
    """Whether a text is more than marks."""
    return WORD.search(text) is not None
