"""What an answer may mean as a program: several readings, of which the first that is Python runs.

Only texts are put together here; whether one is Python is found out in the sandbox, since even the
compiler can be made to crash.
"""

import re
from collections.abc import Iterable
from textwrap import dedent, indent

INDENT = '    '
OPENING = re.compile(r'^(?:@|import\s|from\s|(?:async\s+)?def\s|class\s)', re.MULTILINE)
CODE_LINE = re.compile(
    r'[\s#@)\]}"\']|(?:async|assert|class|def|del|elif|else|except|finally|for|from|global|if'
    r'|import|match|pass|print|raise|return|try|while|with)\b|[A-Za-z_][\w.]*\s*(?:[=\[(+*/-]|:[^\n]*=)'
)


def function_readings(prompt: str, name: str, code: str) -> tuple[str, ...]:
    """Return the readings of an answer to a prompt that ends inside the function `name`.

    An answer is the whole function again, with whatever it needs, or the body that goes on.
    """
    whole = dedent(code)
    if re.search(rf'^(?:async\s+)?def\s+{re.escape(name)}\b', whole, re.MULTILINE):
        stub = f'{prompt.rstrip()}\n{INDENT}pass\n\n\n'
        bodies = [*module_readings(whole), until_next_statement(whole, name)]
        return unique(start + body for body in bodies for start in (stub, prompt, ''))
    return unique(prompt + body for body in body_readings(code))


def module_readings(code: str) -> tuple[str, ...]:
    """Return the readings of an answer that is a whole program: as it is, and without prose."""
    whole = dedent(code)
    opening = OPENING.search(whole)
    from_code = whole[opening.start() :] if opening else whole
    return unique([whole, from_code, until_prose(from_code)])


def body_readings(code: str) -> list[str]:
    """Return the readings of the body of a function, whose indentation may be lost."""
    body = code.strip('\n') + '\n'
    as_it_is = [body] if body.startswith((INDENT, '\t')) else []
    all_lost = indent(dedent(body), INDENT)
    without_prose = indent(until_prose(dedent(body)), INDENT)
    first_line_lost = INDENT + body.lstrip()
    cut = [until_unindented(each) for each in (*as_it_is, first_line_lost)]
    return [*as_it_is, all_lost, without_prose, first_line_lost, *cut]


def until_prose(code: str) -> str:
    """Return the lines before the first that is no code and stands at the margin."""
    lines = code.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.strip() and not CODE_LINE.match(line):
            return ''.join(lines[:number])
    return code


def until_unindented(code: str) -> str:
    """Return the lines before the first that stands at the margin."""
    lines = code.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.strip() and not line[0].isspace():
            return ''.join(lines[:number])
    return code


def until_next_statement(code: str, name: str) -> str:
    """Return the lines up to the end of the function `name`."""
    lines = code.splitlines(keepends=True)
    starts = (number for number, line in enumerate(lines) if re.match(rf'.*def\s+{name}\b', line))
    start = next(starts, 0)
    opening = ''.join(lines[: start + 1])
    return opening + until_unindented(''.join(lines[start + 1 :]))


def unique(readings: Iterable[str]) -> tuple[str, ...]:
    """Return the texts without those that were there before."""
    return tuple(dict.fromkeys(readings))
