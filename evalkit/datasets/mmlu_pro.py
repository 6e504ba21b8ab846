"""MMLU-Pro: harder questions with up to ten options (Wang et al.,
https://arxiv.org/abs/2406.01574).

The folder holds the parquet files of TIGER-Lab/MMLU-Pro (read with the package `datasets`), or
`validation.jsonl` (5 rows a category) and `test.jsonl` with the same columns.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset
from evalkit.evaluators import BaseEvaluator, Scores

LETTERS = 'ABCDEFGHIJKLMNOP'

STATEMENTS = (
    re.compile(r'(?i:answer\s+is)\W{0,9}?([A-P])\b'),
    re.compile(r'(?i:answer)\W{0,9}?:\W{0,9}?([A-P])\b'),
    re.compile(r'boxed\{\W{0,9}([A-P])\b'),
)


class MMLUProDataset(BaseDataset):
    """Rows of a category with `question`, `options_str`, `answer` and `cot_content`."""

    @staticmethod
    def load(path: str, category: str) -> dict[str, list[dict[str, Any]]]:
        """Read both splits and keep the rows of one category."""
        source = find_source(path)
        return {
            split: [with_options(row) for row in rows if row['category'] == category]
            for split in ('validation', 'test')
            for rows in [read_split(source, split)]
        }


def read_split(source: Path | HubDataset, split: str) -> list[dict[str, Any]]:
    """Read a split with all its categories."""
    if isinstance(source, HubDataset):
        return source.rows(split)
    file = source / f'{split}.jsonl'
    if file.is_file():
        return read_jsonl(file)
    return HubDataset(str(source), f'there is no {file.name} in {source}').rows(split)


def with_options(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with its options as lines, and the right one as such a line."""
    pairs = zip(LETTERS, row['options'], strict=False)
    lines = {letter: f'{letter}. {option}' for letter, option in pairs if option != 'N/A'}
    reasoning = row.get('cot_content', '').removeprefix("A: Let's think step by step.").strip()
    return {
        **row,
        'options_str': '\n'.join(lines.values()),
        'answer_string': f'{lines[row["answer"]]}\n',
        'cot_content': reasoning,
    }


def mmlu_pro_postprocess(text: str) -> str:
    """Return the letter that a text states last, in the plainest way that it uses; or ''."""
    for pattern in STATEMENTS:
        found = pattern.findall(text)
        if found:
            return str(found[-1])
    lone = re.fullmatch(r'\W*([A-P])\W*', text)
    return lone[1] if lone else ''


class MMLUProBaseEvaluator(BaseEvaluator):
    """`accuracy`: whether an output is the letter, or the text, of the right option."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare the first line of an output with a line such as 'C. a ring'."""
        given = str(output).strip().split('\n', 1)[0].strip()
        letter, _, option = str(reference).partition('. ')
        return {'accuracy': float(given in (letter, option.strip()))}
