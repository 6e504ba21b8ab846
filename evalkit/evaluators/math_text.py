"""The final answer of a mathematical solution, and its text in one spelling."""

import re
import unicodedata
from fractions import Fraction

from evalkit.postprocessors import quantity

BOX = re.compile(r'\\(?:boxed|fbox)\s*(\{|[^\s{}\\])')
NEAR = 10
"""Boxes with fewer characters between them are parts of one answer."""

MAX_BOXES = 30
"""As many are looked at: a model that goes round in circles may write thousands."""

ANCHOR = re.compile(
    r"""(?:\banswers?\b|答案)(?:\s+(?:to|of|for)\b[^.\n:$]{0,80}?)?[\s*_]*
    (?:(?:is|are|=|为|是|应为)[\s*_]*[:：]?|[:：])[\s*_]*""",
    re.IGNORECASE | re.VERBOSE,
)
FORMULA = re.compile(r'\$\$(.+?)\$\$|\$((?:\\\$|[^$])+)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]', re.DOTALL)
SENTENCE_END = re.compile(r'(?:[.。!](?=\s|\*|$)|,?\s+(?:because|since|which|so|where)\b)')
MAX_BARE = 80
"""An output of one line that is no longer is an answer without words around it."""


def final_answer(text: str) -> str | None:
    """Return what stands in the last box, after the last 'answer is', or a bare answer.

    Nothing is fished out of a reasoning that names no answer: the last number of one that was cut
    would be right by chance.
    """
    text = text.rpartition('</think>')[2].strip()
    boxed = last_box(text)
    if boxed is not None:
        return boxed
    anchors = list(ANCHOR.finditer(text))
    if anchors:
        return cut_sentence(text[anchors[-1].end() :].lstrip().partition('\n')[0])
    is_bare = bool(text) and '\n' not in text and len(text) <= MAX_BARE
    return cut_sentence(text) if is_bare else None


def cut_sentence(text: str) -> str:
    """Return the formula that a text begins with, or the text up to the end of its sentence."""
    match = FORMULA.match(text.strip())
    rest = text.strip()[match.end() :].strip(' .*') if match else ''
    if match and not rest.startswith((',', 'and', 'or', '%', '\\%')):
        return next(part for part in match.groups() if part is not None)
    return SENTENCE_END.split(text, maxsplit=1)[0]


def last_box(text: str) -> str | None:
    """Return the content of the last box; of several close together, all of them."""
    contents: list[str] = []
    before = len(text)
    for match in reversed(list(BOX.finditer(text))[-MAX_BOXES:]):
        content, end = box_content(text, match)
        if end > before:  # a box inside of the one that was read
            contents = []
        elif contents and before - end >= NEAR:
            break
        before = match.start()
        if content not in contents:
            contents.insert(0, content)
    return ', '.join(contents) if contents else None


def box_content(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Return what a box holds and where it ends; one that is never closed holds the rest."""
    if match[1] != '{':
        return match[1], match.end()
    depth = 1
    for place in range(match.end(), len(text)):
        depth += {'{': 1, '}': -1}.get(text[place], 0)
        if not depth:
            return text[match.end() : place], place + 1
    return text[match.end() :], len(text)


SPELLINGS = (
    (re.compile(r'\\(?:left|right|displaystyle|limits|bigl?|bigr?|Bigl?|Bigr?)(?![A-Za-z])'), ''),
    (re.compile(r'\\!'), ''),
    (re.compile(r'(?<=\d)(?:\{,\}|\\,|\\ |[\u00a0\u2009\u202f])(?=\d{3}(?!\d))'), ''),
    (re.compile(r'(?<!\\)\\[,;: ]|~|[\u00a0\u2009\u202f]'), ' '),
    (re.compile(r'\\[dtc]frac(?![A-Za-z])'), r'\\frac'),
    (
        re.compile(r'\\math(?:rm|bf|it)(?=\s*\{)|\\(?:textbf|textit|textrm|mbox)(?=\s*\{)'),
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
PERCENT = re.compile(
    r'\s*(?:\\?%|\\text\s*\{\s*(?:%|\\%|percent)\s*\}|\bper ?cent\b)\s*$', re.IGNORECASE
)


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
    return without_unit(text.rstrip('.').strip()) if text != '.' else text


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
