"""Whether two formulas mean the same: math-verify's verdict, checked with numbers.

math-verify 0.9.0 calls 1/2004! and 1/2006! equal, since it compares to a number of decimal places,
50 % and 50, since it compares without the sign, and 3t and 3s, since it takes letters for units.
So units are taken off before, and what it calls equal must also agree as numbers, relative to
their size.
"""

import logging
from functools import lru_cache
from typing import Any

from evalkit.config import import_extra

DIGITS = 40
EXACT = 1e-15
ROUNDED = 1e-4
"""How far numbers may be apart, relative to the larger: exact ones, and where one is a decimal."""

POINTS = ((3, 7), (13, 5), (29, 11))
"""Where formulas with variables are compared: no variable has a value that is special."""

WARM_UP = (r'\frac{1}{2}', r'2\sqrt{3}', r'(1, x^2)', r'[1, 2)', r'x = 5', r'\{1, 2\}')


def load() -> None:
    """Import math-verify and build its tables, which takes a second."""
    logging.getLogger('math_verify').setLevel(logging.CRITICAL)
    for text in WARM_UP:
        means_same(text, f'{text} ')


def means_same(answer: str, reference: str) -> bool:
    """Whether two formulas (LaTeX without marks) are equal; what cannot be read is not."""
    target, gold = parse(answer), parse(reference)
    if not target or not gold:
        return False
    if not agree(gold[0], target[0]):  # first, since it is quicker
        return False
    math_verify = import_extra('math_verify', 'scoring')
    return bool(math_verify.verify(gold, target, timeout_seconds=None))


@lru_cache(maxsize=4096)
def parse(text: str) -> list[Any]:
    """Return the formula that a whole text is, in a list; nothing if it cannot be read as one."""
    math_verify = import_extra('math_verify', 'scoring')
    normal = import_extra('latex2sympy2_extended', 'scoring').NormalizationConfig(
        units=False,  # among its units are c, d, h, l, s and t, so that 3t would be 3s
        malformed_operators=True,
        nits=True,
        boxed='none',
    )
    config = math_verify.LatexExtractionConfig(boxed_match_priority=-1, normalization_config=normal)
    found: list[Any] = math_verify.parse(
        f'${text}$',
        extraction_config=[config],
        fallback_mode='no_fallback',
        extraction_mode='first_match',
        parsing_timeout=None,
    )
    return found


def agree(one: Any, other: Any) -> bool:
    """Whether two values agree as numbers, member by member; what has no numbers does."""
    sympy = import_extra('sympy', 'scoring')
    one, other = value_side(sympy, one), value_side(sympy, other)
    collections = (sympy.FiniteSet, sympy.Tuple)
    if isinstance(one, collections) and isinstance(other, collections):
        return agree_as_sets(one.args, other.args)
    if isinstance(one, sympy.MatrixBase) and isinstance(other, sympy.MatrixBase):
        return all(map(agree, one.flat(), other.flat()))
    if isinstance(one, sympy.Interval) and isinstance(other, sympy.Interval):
        return agree(one.start, other.start) and agree(one.end, other.end)
    if not isinstance(one, sympy.Expr) or not isinstance(other, sympy.Expr):
        return True
    return agree_as_numbers(sympy, one, other)


def agree_as_sets(some: tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    """Whether each member of one agrees with a member of the other."""
    return all(any(agree(one, other) for other in others) for one in some) and all(
        any(agree(one, other) for one in some) for other in others
    )


def value_side(sympy: Any, value: Any) -> Any:
    """Return what a variable is said to be: 5 of x = 5."""
    is_assignment = isinstance(value, sympy.Eq) and value.lhs.is_Symbol
    return value.rhs if is_assignment else value


def agree_as_numbers(sympy: Any, one: Any, other: Any) -> bool:
    """Whether two formulas have nearly the same value; each point gives the variables values."""
    symbols = sorted(one.free_symbols | other.free_symbols, key=str)
    tolerance = ROUNDED if one.has(sympy.Float) or other.has(sympy.Float) else EXACT
    for over, under in POINTS if symbols else POINTS[:1]:
        values = {
            symbol: sympy.Rational(over + number, under) for number, symbol in enumerate(symbols)
        }
        first, second = (item.doit().subs(values).evalf(DIGITS) for item in (one, other))
        if not all(number.is_number and number.is_finite for number in (first, second)):
            return True
        if not is_near(first, second, tolerance):
            return False
    return True


def is_near(one: Any, other: Any, tolerance: float) -> bool:
    """Whether two numbers differ by little, relative to the larger; 0 has no size to compare."""
    if one == 0 or other == 0:
        return True
    return bool(abs(one - other) <= tolerance * max(abs(one), abs(other)))
