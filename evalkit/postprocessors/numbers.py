"""Numbers in answers, in a form in which equal numbers are equal texts."""

import re
from decimal import Decimal

FULL_WIDTH = str.maketrans('０１２３４５６７８９．，＋－−–', '0123456789.,+---')
"""Digits and signs as Chinese text and typesetting write them. Not NFKC: it makes 32 of 3²."""

NUMBER = re.compile(
    r"""[+-]?\s?
    (?: \d{1,3}(?:,\d{3})+(?:\.\d*)?   # 1,024.5
      | \d+(?:\.\d*)?                  # 90  90.  90.0
      | \.\d+ )                        # .5
    (?:[eE][+-]?\d{1,3})?""",
    re.VERBOSE | re.ASCII,
)


def number(text: object) -> str:
    """Return the canonical text of a number: '1,024' as '1024', '−3' as '-3', '90.0' as '90'.

    What is no number comes back as its text without the white space around it.
    """
    plain = str(text).strip()
    digits = plain.translate(FULL_WIDTH)
    if not NUMBER.fullmatch(digits):
        return plain
    fixed = format(Decimal(re.sub(r'[,\s]', '', digits)), 'f')
    short = fixed.rstrip('0').rstrip('.') if '.' in fixed else fixed
    return '0' if short == '-0' else short


def first_number_postprocess(text: str) -> float | None:
    """Return the first number of a text, which may begin with a minus or a point; or None."""
    match = re.search(r'-?\d*\.?\d+', text)
    return float(match[0]) if match else None
