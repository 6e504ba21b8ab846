"""AGIEval: exams for people, in Chinese and English (Zhong et al.,
https://arxiv.org/abs/2304.06364).

`<name>.jsonl` has lines `{"passage", "question", "options", "label", "answer"}`: `label` is a
letter or a list of letters, and null where the answer is a text.
"""

import re
from collections.abc import Mapping
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_jsonl
from evalkit.evaluators import BaseEvaluator, Scores
from evalkit.postprocessors import final_number, quantity

ENGLISH = ('lsat', 'logiqa-en', 'sat', 'aqua', 'gaokao-english', 'math')
"""How the names of the sets in English begin."""


class AGIEvalDataset(BaseDataset):
    """Rows with the whole `problem_input`, as the paper asks it without examples, and `label`."""

    @staticmethod
    def load(path: str, name: str, setting_name: str = 'zero-shot') -> list[dict[str, Any]]:
        """Read the set `name`; 'zero-shot' is the only setting."""
        return [
            {'id': number, 'problem_input': problem(row, name), 'label': label(row)}
            for number, row in enumerate(read_set(path, name))
        ]


class AGIEvalDatasetV2(BaseDataset):
    """Rows with `question` (after its passage), `options` as lines, and `label`."""

    @staticmethod
    def load(path: str, name: str, setting_name: str = 'zero-shot') -> list[dict[str, Any]]:
        """Read the set `name`; 'zero-shot' is the only setting."""
        return [
            {
                'question': (row.get('passage') or '') + row['question'],
                'options': '\n'.join(row.get('options') or ()),
                'label': label(row),
            }
            for row in read_set(path, name)
        ]


class AGIEvalEvaluator(BaseEvaluator):
    """`score`: whether the value that an output ends in is the reference, or equal to it."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare two values as numbers, else as texts without white space."""
        given, wanted = value(str(output)), plain(str(reference))
        numbers = quantity(given), quantity(wanted)
        is_equal = numbers[0] == numbers[1] if None not in numbers else given == wanted
        return {'score': float(is_equal and given != '')}


class AGIEvalEvaluatorMcq(BaseEvaluator):
    """`score`: whether both are the same letters."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare letters; none are never right."""
        return {'score': float(output == reference and bool(output))}


def choices_postprocess(text: str) -> str:
    """Return the letters of a question with several right ones, in order and once each."""
    stated = re.split(r'答案|(?i:answer\s+is|answer\s*:)', text)[-1]
    runs = re.findall(r'(?<![A-Za-z])[A-G]+(?![A-Za-z])', stated)
    return ''.join(sorted(set(''.join(runs))))


def read_set(path: str, name: str) -> list[dict[str, Any]]:
    """Read the rows of a set."""
    return read_jsonl(find_data(path) / f'{name}.jsonl')


LETTERS = re.compile(r"""\[\s*(?:['"][A-G]['"]\s*,?\s*)+\]""")
"""A list of letters that was written as a text, as in copies of the data on hubs."""


def label(row: Mapping[str, Any]) -> str:
    """Return the right letters, or the right answer, as a text."""
    right = row['label'] if row.get('label') else row.get('answer')
    if isinstance(right, str) and LETTERS.fullmatch(right):
        return ''.join(re.findall('[A-G]', right))
    return ''.join(map(str, right)) if isinstance(right, list) else str(right)


def problem(row: Mapping[str, Any], name: str) -> str:
    """Return a question as the paper asks it."""
    passage, options = row.get('passage') or '', row.get('options') or ()
    last = 'ABCDEFG'[len(options) - 1] if len(options) > 1 else 'D'
    if name.startswith(ENGLISH):
        rest = f' Answer Choices: {" ".join(options)}\nA: Among A through {last}, the answer is'
        return f'{passage}Q: {row["question"]}{rest if options else LAST_ENGLISH}'
    rest = f' 选项：{" ".join(options)}\n答案：从A到{last}, 我们应选择'
    return f'{passage}问题：{row["question"]}{rest if options else LAST_CHINESE}'


LAST_ENGLISH = '\nA: The answer is'
LAST_CHINESE = '\n答案：'


def value(text: str) -> str:
    """Return the value that a text ends in: of a box, of a statement, of a formula, or a number."""
    boxes = re.findall(r'\\boxed\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}', text)
    stated = re.findall(r'(?:answer\s+is|答案是?)\s*[:：]?\s*([^\n]+)', text, re.IGNORECASE)
    formulas = re.findall(r'\$([^$]+)\$', stated[-1] if stated else text)
    found = boxes or formulas or stated
    if found:
        return plain(found[-1].rpartition('=')[2])
    return plain(text) if '\n' not in text.strip() else final_number(text)


def plain(text: str) -> str:
    """Return a formula without what does not change its value."""
    text = re.sub(r'\\(?:left|right|!|,|;|displaystyle)|\$|\s|(?<!\d)\.$|[.。]$', '', text.strip())
    return re.sub(r'\\[dt]frac', r'\\frac', text)
