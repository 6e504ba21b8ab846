"""The number that a worked solution ends in, however it is written."""

import re
from collections.abc import Iterator

from evalkit.postprocessors.quantities import QUANTITY, canonical, plain_notation, value_of

NEXT_QUESTION = re.compile(r'\n[ \t]*(?:Question|Problem|Q)\s*\d*\s*[:：]')
"""Where a base model goes on with a question of its own."""

STEP_LABEL = re.compile(
    r"""\(?\bstep\s+\d+(?:\s*(?:of|/)\s*\d+)?\s*[:.)]?\)?   # Step 3:  (Step 3 of 3)
      | [(\[](?:part|page)?\s*\d+\s+of\s+\d+[)\]]          # (3 of 3)
      | (?m:^[ \t]*\d{1,2}[.)][ \t]+(?=[^\s\d]))                 # 3. the third step
      | (?m:^[ \t]*[-+*•][ \t]+(?=\S))                          # - a bullet, no minus
      | <<[^<>]*>>                                         # the calculator notes of GSM8K""",
    re.VERBOSE | re.IGNORECASE,
)

STATEMENT = re.compile(
    r"""\#\#\#\#
      | \\(?:boxed|fbox)\b
      | \banswer\b
        (?: [^.\n:：=]{0,60}? \b(?:is|equals|would\ be)\b \s*[:：]? | [^\w\n]{0,4}[:：=] )
      | 答案 (?: 应该|应|就 )? [是为：:]""",
    re.VERBOSE | re.IGNORECASE,
)

LEADING = re.compile(r'^[\s*_:：`$~≈({\[\\]*')
"""What may stand between a statement and its number, as marks or line ends."""

MAX_STATEMENTS = 50
"""As many are looked at, from the end: an output that goes round in circles may have thousands."""

MAX_PART = 1000
"""Characters after a statement that may hold its number."""

OPERATOR = re.compile(r'\s*[-+*/×÷]\s*[$(\d]')


def final_number(text: str) -> str:
    """Return the canonical text of the number that a solution gives as its answer, or ''.

    The last of `\\boxed{}`, `#### ` and 'the answer is' that has a number counts; without any, the
    last number of the text. Numbers of steps, such as '(Step 3 of 3)', never count.
    """
    text = plain_notation(STEP_LABEL.sub(' ', first_answer(text)))
    stated = next(filter(None, map(stated_number, stated_parts(text))), '')
    if stated:
        return stated
    numbers = list(QUANTITY.finditer(text))
    return canonical(value_of(numbers[-1])) if numbers else ''


def first_answer(text: str) -> str:
    """Return what stands before a further question; a question that is only repeated is passed."""
    return next(filter(str.strip, NEXT_QUESTION.split(text)), '')


def stated_parts(text: str) -> Iterator[str]:
    """Yield what follows each statement, the last first: the box, the line or the sentence."""
    for match in reversed(list(STATEMENT.finditer(text))[-MAX_STATEMENTS:]):
        rest = text[match.end() : match.end() + MAX_PART]
        if match[0].startswith('\\'):
            yield boxed(rest, 0)
        else:
            yield re.split(r'\n|\.\s', LEADING.sub('', rest, count=1), maxsplit=1)[0]


def boxed(text: str, start: int) -> str:
    """Return what the braces at `start` hold; an unclosed box ends with its line."""
    rest = text[start:].lstrip()
    if not rest.startswith('{'):
        return rest.split(maxsplit=1)[0] if rest else ''
    depth = 0
    for place, letter in enumerate(rest):
        depth += {'{': 1, '}': -1}.get(letter, 0)
        if depth == 0:
            return rest[1:place]
    return rest[1:].split('\n', 1)[0]


def stated_number(part: str) -> str:
    """Return the number that a statement means: its first, or the value of its calculation."""
    if re.match(r'\s*not\b', part):
        return ''
    first = QUANTITY.search(part)
    if (
        first
        and '=' in part
        and (part[: first.start()].strip('$ ') or OPERATOR.match(part, first.end()))
    ):
        first = QUANTITY.search(part, part.rindex('=')) or first
    return canonical(value_of(first)) if first else ''
