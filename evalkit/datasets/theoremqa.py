"""TheoremQA: 800 questions about theorems of mathematics, physics and finance (Chen et al.,
https://arxiv.org/abs/2305.12524).

`theoremqa_test.json` is a list of `{"Question", "Answer", "Answer_type"}`, `test.csv` the same as
a table. An answer is a number, a list of numbers, True or False, or an option such as (a).
"""

import ast
import re
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_rows
from evalkit.evaluators import MATHVerifyEvaluator
from evalkit.evaluators.math import is_equal
from evalkit.postprocessors import quantity

TRIGGER = re.compile(r'the answer is\s*:?', re.IGNORECASE)
OPTION = re.compile(r'\([a-f]\)', re.IGNORECASE)
LIST = re.compile(r'[\[(]([^\[\]()]*)[\])]')
TRUTHS = {'true': 'true', 'yes': 'true', 'false': 'false', 'no': 'false'}
FIRST_WORD = re.compile(r'[a-z]+')

TOLERANCE = 0.04
"""How far a number that is not whole may be off, as a part of it (the paper's script)."""


class TheoremQADataset(BaseDataset):
    """Rows with `Question`, `Answer_type` and `Answer`, a text."""

    @staticmethod
    def load(path: str = 'data/TheoremQA/theoremqa_test.json') -> dict[str, list[dict[str, Any]]]:
        """Read a .json or .csv file."""
        rows = read_rows(find_data(path))
        return {'test': [{**row, 'Answer': str(row['Answer'])} for row in rows]}


def theoremqa_postprocess(text: str) -> str:
    """Return what follows "the answer is", or the last line.

    A base model may go on with problems of its own: then only the first paragraph counts.
    """
    if len(TRIGGER.findall(text)) > 1:
        first = text.strip('\n').split('\n\n')[0]
        text = first if TRIGGER.search(first) else text
    *_, after = TRIGGER.split(text)
    lines = [line for line in after.strip().split('\n') if line.strip()]
    if not lines:
        return ''
    line = lines[0] if after != text else lines[-1]
    return line.strip().rstrip('.').removeprefix('\\(').removesuffix('\\)').strip(' $*')


class TheoremQAEvaluatorV3(MATHVerifyEvaluator):
    """`score`: whether an answer is the reference, by the kind of thing that the reference is.

    A number that is not whole may be off by 4 %, a whole one must be it when rounded; a list is
    compared without its order; yes is True; everything else is compared as formulas.
    """

    def score(self, output: Any, reference: Any) -> dict[str, float]:
        """Compare an answer with a reference, both texts."""
        return {'score': float(is_right(str(output).strip(), str(reference).strip()))}


def is_right(answer: str, reference: str) -> bool:
    """Whether an answer is the reference."""
    if answer.casefold() == reference.casefold():
        return bool(reference)
    if OPTION.fullmatch(reference):
        return OPTION.findall(answer.casefold())[:1] == [reference.casefold()]
    if reference.casefold() in ('true', 'false'):
        word = FIRST_WORD.search(answer.casefold())
        return word is not None and TRUTHS.get(word[0]) == reference.casefold()
    if reference.startswith('['):
        return are_near(numbers_in(answer), [float(each) for each in ast.literal_eval(reference)])
    wanted = number_in(reference)
    if wanted is None:
        return is_equal(answer, reference)
    given = number_in(answer)
    is_whole = '.' not in reference
    return is_equal(answer, reference) if given is None else is_near(given, wanted, is_whole)


def number_in(text: str) -> float | None:
    """Return the value of a text, after its last equals sign, or None."""
    value = quantity(text.rpartition('=')[2].replace('$', '').strip())
    return None if value is None else float(value)


def numbers_in(text: str) -> list[float]:
    """Return the numbers of the last list in a text."""
    lists = LIST.findall(text)
    values = [number_in(part) for part in lists[-1].split(',')] if lists else []
    return [value for value in values if value is not None]


def is_near(given: float, wanted: float, is_whole: bool) -> bool:
    """Whether a number is near enough to the wanted one."""
    room = TOLERANCE * abs(wanted)
    return round(given) == wanted if is_whole else wanted - room <= given <= wanted + room


def are_near(given: list[float], wanted: list[float]) -> bool:
    """Whether two lists hold near numbers, in any order."""
    pairs = zip(sorted(given), sorted(wanted), strict=False)
    return len(given) == len(wanted) and all(
        is_near(one, other, other.is_integer()) for one, other in pairs
    )
