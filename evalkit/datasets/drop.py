"""DROP: reading that takes counting, sorting and arithmetic (Dua et al.,
https://arxiv.org/abs/1903.00161).

The published `drop_dataset_dev.json` maps passages to their questions; the `dev.jsonl` of OpenAI's
simple-evals has lines `{"context", "ref_text"}`, with `|` between several right answers.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_json, read_jsonl
from evalkit.datasets.short_answers import contains, overlap
from evalkit.evaluators import BaseEvaluator, Scores
from evalkit.postprocessors import quantity

STATEMENT = re.compile(r'answer(?:\s+is)?\W{0,9}?:?\W{0,9}?[:\s]\s*([^\n]+)', re.IGNORECASE)

Rows = dict[str, list[dict[str, Any]]]


class DropDataset(BaseDataset):
    """Rows with `prompt` (the passage), `question` and `answers`; by default numbers only."""

    @staticmethod
    def load(path: str, only_number: bool = True) -> Rows:
        """Read the published file."""
        rows = [
            {
                'prompt': passage['passage'],
                'question': pair['question'],
                'answers': answers_of(pair['validated_answers']),
            }
            for passage in read_json(find_data(path)).values()
            for pair in passage['qa_pairs']
            if not only_number or any(each['number'] for each in pair['validated_answers'])
        ]
        return {'validation': rows}


class DropOpenAIDataset(BaseDataset):
    """Rows with `prompt` (passage and question) and `answers`, with `|` between them."""

    @staticmethod
    def load(path: str) -> Rows:
        """Read the file of simple-evals."""
        rows = read_jsonl(find_data(path))
        return {
            'validation': [{'prompt': row['context'], 'answers': row['ref_text']} for row in rows]
        }


class DropOpenAIEvaluator(BaseEvaluator):
    """`accuracy`: whether a right answer is stated; `exact_match` and `f1` over its words.

    Numbers are compared by value and words as whole words. (simple-evals compares letters in both
    directions, so that 1 counts as 12.) As in DROP's own script, words share nothing where the
    right answer has numbers of which none is given.
    """

    version = '2'

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare the last 'Answer: ...' with each of the right answers."""
        right = reference.split('|') if isinstance(reference, str) else list(reference)
        given = stated(str(output))
        pairs = [(words(given), words(each)) for each in right if words(each)]
        return {
            'accuracy': float(any(is_same(given, each) for each in right)),
            'exact_match': float(any(sorted(some) == sorted(others) for some, others in pairs)),
            'f1': max((gated_overlap(*pair) for pair in pairs), default=0.0),
        }


def answers_of(validated: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the different right answers; several spans are one answer."""
    return list(dict.fromkeys(filter(None, map(answer_text, validated))))


def answer_text(answer: Mapping[str, Any]) -> str:
    """Return a number, a date or the spans of an answer as a text."""
    date = [answer['date'].get(part, '') for part in ('day', 'month', 'year')]
    spans = ', '.join(answer['spans'])
    return str(answer['number'] or ' '.join(filter(None, date)) or spans)


def stated(text: str) -> str:
    """Return what an output states as its answer; one of a single line is its own answer."""
    found = STATEMENT.findall(text)
    return str(found[-1] if found else text).strip()


def words(text: str) -> list[str]:
    """Return the words of a text without articles; punctuation within a word does not part it."""
    found = []
    for word in re.split(r'\s+|(?<=\w)-', text.casefold()):
        number = quantity(word.strip('.,;:()%$*'))
        plain = str(number) if number is not None else re.sub(r'[^\w]|_', '', word)
        if plain not in ('', 'a', 'an', 'the'):
            found.append(plain)
    return found


def gated_overlap(given: Sequence[str], right: Sequence[str]) -> float:
    """Return the F1 of words; 0 where the right answer has numbers and none of them is given."""
    numbers = {word for word in right if quantity(word) is not None}
    return 0.0 if numbers and not numbers & set(given) else overlap(given, right)


def is_same(given: str, right: str) -> bool:
    """Tell whether an answer is, or contains, a right one."""
    wanted = quantity(right)
    if wanted is None:
        return bool(words(right)) and contains(words(given), words(right))
    numbers = [quantity(word.strip('.,;:()%$*')) for word in given.split()]
    return wanted == next((number for number in numbers if number is not None), None)
