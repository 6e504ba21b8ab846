"""Numbers as models write them: `1,024`, `$5`, `−3`, `5/2`, `\\frac{5}{2}`, `1e3`, `½`, `２０`."""

import re
import unicodedata
from fractions import Fraction

from evalkit.postprocessors.numbers import FULL_WIDTH

MAX_EXPONENT = 30
"""A larger power of ten is no answer to anything, and would fill the memory."""

QUANTITY = re.compile(
    r"""(?P<sign>(?<![\w)\]}%])(?<![\d)\]}%]\s)      # no sign: 16-3, 16 - 3
        [-+](?:(?<=[=s]\ [-+])\s|(?<=\A[-+])\s)?)?
    (?:[$€£¥]\s?)?(?P<inner_sign>(?<=[$€£¥])-)?
    (?<![A-Za-z_^])(?<!\d)(?<!\d[.,:])  # not in a word, a power, a number or a time
    (?: (?:(?P<whole>\d{1,3})\s+)?(?P<over>\d{1,9})\s?/\s?(?P<under>[1-9]\d{0,8})(?![\d/]|\.\d)
      | (?P<digits>\d{1,3}(?:,\d{3}){1,99}(?!\d)(?:\.\d{1,999})?
          | \d{1,999}(?:\.\d{1,999})? | \.\d{1,999})
        (?: [eE](?P<exponent>[+-]?\d{1,3})(?!\w)
          | \s?[*x]\s?10\s?(?:\^|\*\*)\s?\{?(?P<power>[+-]?\d{1,3})\}? )? )
    (?!\d | (?:st|nd|rd|th)\b)""",
    re.VERBOSE | re.ASCII,
)

LATEX = (
    (re.compile(r'\\[dt]?frac\s*(?:\{([^{}]*)\}|(\d))\s*(?:\{([^{}]*)\}|(\d))'), r' \1\2/\3\4'),
    (re.compile(r'\\(?:text|mathrm|mathbf|mbox|textbf)\s*\{([^{}]*)\}'), r' \1'),
    (re.compile(r'\\(?:times|cdot)\b|×'), '*'),
    (re.compile(r'\{,\}'), ','),
    (re.compile(r'\\[,!;: ]|\\(?:left|right)\b'), ''),
    (re.compile(r'\\([$%])'), r'\1'),
    (re.compile(r'(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))'), ''),
    (re.compile(r'[\u00a0\u2009\u202f]'), ' '),
)
"""Typesetting and what it means in plain text."""

VULGAR = re.compile(r'[¼-¾⅐-⅞]')


def plain_notation(text: str) -> str:
    """Return a text with its numbers in plain ASCII."""
    text = text.translate(FULL_WIDTH)
    text = VULGAR.sub(lambda match: ' ' + unicodedata.normalize('NFKC', match[0]), text)
    text = text.replace('⁄', '/')
    for pattern, plain in LATEX:
        text = pattern.sub(plain, text)
    return text


def value_of(match: re.Match[str]) -> Fraction:
    """Return the value of a match of `QUANTITY`."""
    if match['over']:
        value = int(match['whole'] or 0) + Fraction(int(match['over']), int(match['under']))
    else:
        exponent = int(match['exponent'] or match['power'] or 0)
        limited = max(-MAX_EXPONENT, min(exponent, MAX_EXPONENT))
        value = Fraction(match['digits'].replace(',', '')) * Fraction(10) ** limited
    signs = (match['sign'] or '') + (match['inner_sign'] or '')
    return -value if '-' in signs else value


def quantity(text: str) -> Fraction | None:
    """Return the value of a text that is one number, or None."""
    match = QUANTITY.fullmatch(plain_notation(text).strip())
    return value_of(match) if match else None


def canonical(value: Fraction) -> str:
    """Return equal texts for equal values: '18', '-2.5', and '1/3' for what has no end."""
    if value.denominator == 1:
        return str(value.numerator)
    scaled = value.denominator
    for prime in (2, 5):
        while scaled % prime == 0:
            scaled //= prime
    return str(value) if scaled > 1 else decimal_text(value)


def decimal_text(value: Fraction) -> str:
    """Return the digits of a fraction of which there is an end."""
    places = 0
    while (value * 10**places).denominator > 1:
        places += 1
    digits = f'{abs(value * 10**places).numerator:0{places + 1}d}'
    return f'{"-" if value < 0 else ""}{digits[:-places]}.{digits[-places:]}'
