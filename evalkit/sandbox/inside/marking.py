"""Says whether an answer to a case is right, as LiveCodeBench does; the keeper knows what is.

What a script prints is compared line by line, without the white space around each; a line may also
have the same numbers. What a function returns must be equal (https://arxiv.org/abs/2403.07974).
"""

import json
from decimal import Decimal
from typing import Any

MAX_SHOWN = 100


class Marking:
    """The cases of a program, and how far it has come."""

    def __init__(self, cases: list[dict[str, str]], function: str) -> None:
        self.cases = cases
        self.compare = equal_values if function else equal_lines
        self.number = 0

    def next_input(self) -> bytes:
        """Return the case that comes next."""
        return self.cases[self.number]['input'].encode('utf-8', 'surrogatepass')

    def mistake(self, answer: bytes) -> str:
        """Say what is wrong with the answer to the case; '' where it is right, and go on then."""
        text, wanted = answer.decode('utf-8', 'replace'), self.cases[self.number]['output']
        if self.compare(text, wanted):
            self.number += 1
            return ''
        return f'{self.place}: {shown(text) or "nothing"}, not {shown(wanted)}'

    @property
    def place(self) -> str:
        """The number of the case, from 1, and how many there are."""
        return f'case {self.number + 1} of {len(self.cases)}'

    @property
    def is_done(self) -> bool:
        """Whether all were answered right."""
        return self.number == len(self.cases)


def equal_values(text: str, wanted: str) -> bool:
    """Whether two texts are the same JSON; what is none equals nothing."""
    try:
        return bool(json.loads(text) == json.loads(wanted))
    except (ValueError, RecursionError):
        return False


def equal_lines(text: str, wanted: str) -> bool:
    """Whether two texts have the same lines, or such with the same numbers."""
    lines, wanted_lines = text.strip().split('\n'), wanted.strip().split('\n')
    return len(lines) == len(wanted_lines) and all(map(equal_line, lines, wanted_lines))


def equal_line(line: str, wanted: str) -> bool:
    """Whether two lines are the same text, or the same numbers."""
    if line.strip() == wanted.strip():
        return True
    try:
        return numbers(line) == numbers(wanted)
    except ArithmeticError:
        return False


def numbers(line: str) -> list[Any]:
    """Return the numbers of a line; ArithmeticError where something else is there."""
    return [Decimal(word) for word in line.split()]


def shown(text: str) -> str:
    """Return the beginning of a text in one line."""
    words = ' '.join(text.split())
    return words if len(words) <= MAX_SHOWN else f'{words[:MAX_SHOWN]}...'
