"""How answers of KOR-Bench are compared: by category and, where a rule needs it, by the rule."""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from evalkit.evaluators import KillableEvaluator, Scores
from evalkit.evaluators.math import is_equal
from evalkit.evaluators.math_values import load
from evalkit.postprocessors.final_number import boxed

BRACKETS = re.compile(r'\[\[\s*(.*?)\s*\]\]', re.DOTALL)
ARITHMETIC: Mapping[type[ast.AST], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
TWENTY_FOUR = 24


class KorbenchEvaluator(KillableEvaluator):
    """`accuracy`: whether the last [[...]] of an answer is the reference, by its category's rules.

    A reference is a row's `reference`; a bare answer is compared as a text.
    """

    def prepare(self) -> None:
        """Load what compares formulas."""
        load()

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare what stands in the brackets."""
        known = reference if isinstance(reference, Mapping) else {'answer': reference}
        answer = bracketed(str(output))
        if answer is None:
            return {'accuracy': 0.0}
        wanted = bracketed(str(known['answer'])) or str(known['answer'])
        compare = comparison(known.get('category', ''), known.get('rule_id', ''), wanted)
        return {'accuracy': float(compare(answer, wanted))}


def bracketed(text: str) -> str | None:
    """Return what the last double brackets hold, or else the last box."""
    found = BRACKETS.findall(text)
    if found:
        return str(found[-1]).strip('[] ')
    _, mark, rest = text.rpartition('\\boxed')
    return boxed(rest, 0) if mark else None


def comparison(category: str, rule: str, wanted: str) -> Callable[[str, str], bool]:
    """Return how an answer is compared."""
    if (category, rule) in BY_RULE:
        return BY_RULE[category, rule]
    if category == 'operation' and re.search(r'\bor\b', wanted):
        return same_alternatives
    return BY_CATEGORY.get(category, same_text)


def bare(text: str) -> str:
    """Return a text without white space, quotes and brackets."""
    return re.sub(r'[\s"\'“”\[\]]', '', text)


def same_text(one: str, other: str) -> bool:
    """The same but for white space, quotes and brackets."""
    return bare(one) == bare(other)


def same_statement(one: str, other: str) -> bool:
    """The same but for full stops, too."""
    return bare(one).replace('.', '') == bare(other).replace('.', '')


def same_statements(one: str, other: str) -> bool:
    """The same statements between semicolons, in any order."""
    return parts(one.replace('.', ''), ';') == parts(other.replace('.', ''), ';')


def same_value(one: str, other: str) -> bool:
    """The same text, or the same formula."""
    return same_text(one, other) or is_equal(one, other)


def same_alternatives(one: str, other: str) -> bool:
    """The same values with 'or' between them, in any order."""
    return parts(plain_or(one), ' or ') == parts(plain_or(other), ' or ')


def same_letters(one: str, other: str) -> bool:
    """The same letters and digits, in any order."""
    return sorted(re.sub(r'\W', '', one)) == sorted(re.sub(r'\W', '', other))


def same_numbers(one: str, other: str) -> bool:
    """The same whole numbers, whatever stands between them."""
    return re.findall(r'\d+', one) == re.findall(r'\d+', other)


def same_word(one: str, other: str) -> bool:
    """The same letters in the same order, capital or not."""
    return word(one) == word(other)


def one_of_words(one: str, other: str) -> bool:
    """One of several words."""
    return word(one) in {word(each) for each in other.split(',')}


def same_words(one: str, other: str) -> bool:
    """The same words in any order."""
    return sorted(re.findall(r'\w+', one.lower())) == sorted(re.findall(r'\w+', other.lower()))


def same_list(one: str, other: str) -> bool:
    """The same things between commas, in any order."""
    return parts(one, ',') == parts(other, ',')


def same_symbols(one: str, other: str) -> bool:
    """The same letters and digits in the same order."""
    return re.sub(r'\W', '', one) == re.sub(r'\W', '', other)


def true_equation(one: str, other: str) -> bool:
    """An equation that holds, with the operators and the result of the reference."""
    left, right = (arithmetic(text).split('=')[0] for text in (one, other))
    _, _, result = arithmetic(other).rpartition('=')
    is_alike = re.findall(r'[-+*/]', left) == re.findall(r'[-+*/]', right)
    return is_alike and value(left) == value(result)


def makes_24(one: str, other: str) -> bool:
    """A calculation with the numbers of the reference whose result is 24."""
    left, right = (arithmetic(text).split('\n')[0].split('=')[0] for text in (one, other))
    is_alike = sorted(re.findall(r'\d+', left)) == sorted(re.findall(r'\d+', right))
    return is_alike and value(left) == TWENTY_FOUR


BY_CATEGORY: Mapping[str, Callable[[str, str], bool]] = {
    'logic': same_statement,
    'operation': same_value,
    'puzzle': same_symbols,
}

BY_RULE: Mapping[tuple[str, str], Callable[[str, str], bool]] = {
    ('logic', '5'): same_statements,
    ('operation', '18'): same_letters,
    ('operation', '23'): same_numbers,
    ('operation', '24'): same_numbers,
    ('operation', '25'): same_numbers,
    ('puzzle', '1'): same_word,
    ('puzzle', '2'): one_of_words,
    ('puzzle', '3'): same_words,
    ('puzzle', '4'): one_of_words,
    ('puzzle', '5'): same_list,
    ('puzzle', '9'): true_equation,
    ('puzzle', '10'): makes_24,
}


def parts(text: str, mark: str) -> list[str]:
    """Return what stands between marks, bare and in order."""
    return sorted(bare(part) for part in text.split(mark))


def plain_or(text: str) -> str:
    """Return a text in which every 'or' has spaces around it."""
    return re.sub(r'\\text\{\s*or\s*\}|\bor\b', ' or ', text)


def word(text: str) -> str:
    """Return the letters of a text."""
    return re.sub(r'[^a-z]', '', text.lower())


def arithmetic(text: str) -> str:
    """Return a calculation in the signs of Python."""
    for sign, plain in (('×', '*'), ('x', '*'), ('÷', '/'), ('−', '-'), ('–', '-')):
        text = text.replace(sign, plain)
    return text


def value(text: str) -> Fraction | None:
    """Return the value of a sum of whole numbers with + - * / and brackets; nothing is run."""
    try:
        return evaluate(ast.parse(text.strip(), mode='eval').body)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError):
        return None


def evaluate(node: ast.AST) -> Fraction:
    """Return the value of a part of a calculation."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return Fraction(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -evaluate(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        return ARITHMETIC[type(node.op)](evaluate(node.left), evaluate(node.right))
    raise ValueError('not a calculation')
