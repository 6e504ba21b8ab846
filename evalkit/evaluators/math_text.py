"""A mathematical answer in one spelling."""

import re
import unicodedata
from fractions import Fraction

from evalkit.postprocessors import quantity

SPELLINGS = (
    (re.compile(r'\\(?:left|right|displaystyle|limits|bigl?|bigr?|Bigl?|Bigr?)(?![A-Za-z])'), ''),
    (re.compile(r'\\!\s*'), ''),
    (re.compile(r'(?<=\d)(?:\{,\}|\\,|\\ |[\u00a0\u2009\u202f])(?=\d{3}(?!\d))'), ''),
    (re.compile(r'(?<!\\)\\[,;: ]|~|[\u00a0\u2009\u202f]'), ' '),
    (re.compile(r'\\[dtc]frac(?![A-Za-z])'), r'\\frac'),
    (
        re.compile(
            r'\\math(?:rm|bf|it)(?=\s*\{)|\\(?:textbf|textit|textrm|textnormal|mbox)(?=\s*\{)'
        ),
        r'\\text',
    ),
    (re.compile(r'√\s*(?:\(([^()]*)\)|\{([^{}]*)\}|(\d+|[A-Za-z]))'), r'\\sqrt{\1\2\3}'),
    (re.compile(r'(?<![\\A-Za-z])sqrt\s*(?:\(([^()]*)\)|\{([^{}]*)\}|(\d+))'), r'\\sqrt{\1\2\3}'),
    (re.compile(r'(?<![\\A-Za-z])pi(?![A-Za-z])|π'), r'\\pi '),
    (re.compile(r'\*\*'), '^'),
    (re.compile(r'(?<=[\w)\]}])\s*[*·⋅]\s*(?=[\w(\[\\])'), r' \\cdot '),
    (re.compile(r'×'), r'\\times '),
    (re.compile(r'÷'), '/'),
    (re.compile(r'[−–—]'), '-'),
    (re.compile(r'≤|⩽|<='), r'\\le '),
    (re.compile(r'≥|⩾|>='), r'\\ge '),
    (re.compile(r'≠'), r'\\ne '),
    (re.compile(r'∞'), r'\\infty '),
    (re.compile(r'∪'), r'\\cup '),
    (re.compile(r'±'), r'\\pm '),
    (re.compile(r'∈'), r'\\in '),
    (re.compile(r'∅'), r'\\emptyset '),
    (re.compile(r'(?:\^\s*\{?\s*\\circ\s*\}?|°|\\degree)\s*(?:[CF]\b)?'), ''),
    (re.compile(r'(?<![\w.])(\d+(?:\.\d+)?)[eE]([+-]?\d+)(?!\w)'), r'\1 \\times 10^{\2}'),
    (re.compile(r'\s+'), ' '),
)
"""Notations that mean the same, and the one of them that is read."""

SUPERSCRIPTS = re.compile(r'[⁰¹²³⁴⁵⁶⁷⁸⁹]+')
MONEY = re.compile(r'\\?[$€£¥]')
TRAILING_TEXT = re.compile(r'(?<=\S)\s*\\text\s*\{[^{}]*\}(?:\s*\^\s*\{?[23]\}?)?$')
TRAILING_UNIT = re.compile(
    r"""(?<=[\d)}])\s*
    (?: (?<=\s)(?!(?:pi|sqrt|log|mod|and)\b)[A-Za-z]{3,}(?:\s+[A-Za-z]{3,})*
      | (?:(?:sq(?:uare)?|cu(?:bic)?)\.?\s)?
        (?:[cmk]m|[mk]g|(?<=\s)[mg]|ft|in|yd|mi|lbs?|oz|m[lL]|hrs?|kmh|mph|Hz)
        (?:/(?:s|h|hr|min))?
    )
    (?:\s*\^\s*\{?[23]\}?)?\.?$""",
    re.VERBOSE,
)
"""A unit in letters; one letter alone needs a space before it, since 2m is a product."""

OUTER = re.compile(r'\A(?:\$+(.*?)\$+|\\\((.*)\\\)|\\\[(.*)\\\])\Z', re.DOTALL)
REPEATING = re.compile(r'(?P<whole>\d*)\.(?P<fixed>\d*)\\(?:overline|bar|dot)\s*\{(?P<again>\d+)\}')
PERCENT_WORD = r'(?:per ?cent(?:age)?|pct)'
PERCENT = re.compile(
    rf'\s*(?:\\?%|\\text\s*\{{\s*(?:%|\\%|{PERCENT_WORD})\s*\}}|(?<![A-Za-z]){PERCENT_WORD}\b\.?)\s*$',
    re.IGNORECASE,
)
TRAILING_MARK = re.compile(r'(?<![.,\s])\s*[.,;]$')
"""The end of a sentence, and no ellipsis."""


def one_spelling(text: str) -> str:
    """Return an answer without its marks of a formula, currency, units and odd spellings."""
    text = text.strip().strip('*').strip()
    outer = OUTER.match(text)
    if outer:
        text = next(part for part in outer.groups() if part is not None)
    text = SUPERSCRIPTS.sub(lambda match: f'^{{{unicodedata.normalize("NFKC", match[0])}}}', text)
    for pattern, plain in SPELLINGS:
        text = pattern.sub(plain, text)
    text = REPEATING.sub(fraction_text, MONEY.sub('', text)).strip()
    return without_unit(TRAILING_MARK.sub('', text)) if text != '.' else text


def members(text: str) -> tuple[str, list[str]] | None:
    """Return the brackets of a tuple or an interval, and what stands between its commas."""
    if not text.startswith(('(', '[')) or not text.endswith((')', ']')):
        return None
    parts, depth = [''], 0
    for letter in text[1:-1]:
        depth += (letter in '([{') - (letter in ')]}')
        if depth < 0:  # the first bracket ends before the text, as in (x+1)(x-1)
            return None
        if letter == ',' and not depth:
            parts.append('')
        else:
            parts[-1] += letter
    whole = len(parts) > 1 and all(part.strip() for part in parts)
    return (text[0] + text[-1], [part.strip() for part in parts]) if whole else None


def without_unit(text: str) -> str:
    """Take a unit off the end; a percent sign is none, and a text alone is an answer."""
    if PERCENT.search(text):
        return PERCENT.sub(r'\\%', text)
    for pattern in (TRAILING_TEXT, TRAILING_UNIT):
        text = pattern.sub('', text).strip()
    return text


def fraction_text(match: re.Match[str]) -> str:
    """Return a repeating decimal as a fraction."""
    fixed, again = match['fixed'], match['again']
    before = Fraction(int((match['whole'] or '0') + fixed), 10 ** len(fixed))
    value = before + Fraction(int(again), (10 ** len(again) - 1) * 10 ** len(fixed))
    return rf'\frac{{{value.numerator}}}{{{value.denominator}}}'


def number_of(text: str) -> Fraction | None:
    """Return the value of a text that is one number, a percentage being a part of 1."""
    bare = PERCENT.sub('', text)
    value = quantity(bare)
    return value / 100 if value is not None and bare != text else value


WORDS = re.compile(r'\\text\s*\{([^{}]*)\}')


def comparable(text: str) -> str:
    """Return a text such that equal ones are the same answer; words are in small letters."""
    bare = re.sub(r'\s+', '', WORDS.sub(r'\1', text))
    bare = re.sub(r'\^\{(\w)\}', r'^\1', bare)
    if re.fullmatch(r'\(?[A-Za-z]\)', bare):
        bare = bare.strip('()')
    return bare.casefold() if re.fullmatch(r'[^\W\d]{2,}', bare) else bare
