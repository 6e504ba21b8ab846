"""KOR-Bench: reasoning by rules that nobody has seen (Ma et al., https://arxiv.org/abs/2410.06526).

Each category is a folder with `rule.jsonl` (`{"idx", "rule_content"}`), `sample.jsonl` (`{"idx",
"rule_id", "question", "answer"}`, the answer in double brackets) and `three-shot.jsonl` (solved
questions for each rule); the files may be .json, too. A prompt has one rule and one question.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import existing, find_data, present, read_rows
from evalkit.errors import ConfigError

CATEGORIES = ('cipher', 'counterfactual', 'logic', 'operation', 'puzzle')
SHOTS = {'0_shot': 0, '3_shot': 3}

INTRODUCTIONS = {
    'cipher': 'Encrypt or decrypt a text by a rule.',
    'counterfactual': 'Answer from a story whose world is not ours: only the story counts.',
    'logic': 'Draw a conclusion by a rule of logic.',
    'operation': 'Calculate with operators that a rule defines.',
    'puzzle': 'Solve a puzzle by its rule.',
}

Row = dict[str, Any]


class KorbenchDataset(BaseDataset):
    """Rows with `prompt`, `answer`, and as `reference` what scoring needs: answer and rule.

    `prompt_mode` is '0_shot' or '3_shot'.
    """

    @staticmethod
    def load(
        path: str = 'opencompass/korbench', prompt_mode: str = '0_shot', category: str = 'cipher'
    ) -> list[Row]:
        """Read one category."""
        if prompt_mode not in SHOTS or category not in CATEGORIES:
            raise ConfigError(
                f'KOR-Bench: {prompt_mode} of {category} is not known; prompt_mode is '
                f'{" or ".join(SHOTS)}, and category one of {", ".join(CATEGORIES)}'
            )
        folder = find_data(path) / category
        rules = {str(row['idx']): row['rule_content'] for row in read(folder, 'rule')}
        solved = read(folder, 'three-shot') if SHOTS[prompt_mode] else []
        return [
            make_row(category, rule_of(rules, row, folder), row, examples_of(solved, row))
            for row in read(folder, 'sample')
        ]


def read(folder: Path, name: str) -> list[Row]:
    """Read a file of a category."""
    found = existing([folder / f'{name}.jsonl', folder / f'{name}.json'])
    return read_rows(found or present(folder / f'{name}.jsonl'))


def rule_of(rules: Mapping[str, str], row: Row, folder: Path) -> str:
    """Return the rule of a sample."""
    number = str(row['rule_id'])
    if number not in rules:
        raise ConfigError(
            f'{folder}: sample {row.get("idx")} is about rule {number}, which is missing'
        )
    return rules[number]


def examples_of(solved: Sequence[Row], row: Row) -> list[Row]:
    """Return the solved questions of a sample's rule."""
    return [each for each in solved if str(each['rule_id']) == str(row['rule_id'])][:3]


def make_row(category: str, rule: str, row: Row, examples: Sequence[Row]) -> Row:
    """Return a sample with its prompt."""
    parts = [INTRODUCTIONS[category], f'Rule:\n{rule}']
    parts += [f'Question:\n{each["question"]}\nAnswer:\n{each["answer"]}' for each in examples]
    parts += [f'Question:\n{row["question"]}', 'Give the final answer in double brackets: [[...]].']
    reference = {
        'answer': row['answer'],
        'category': category,
        'rule_id': str(row['rule_id']),
        'idx': str(row.get('idx', '')),
    }
    return {
        **row,
        'rule_content': rule,
        'category': category,
        'prompt': '\n\n'.join(parts),
        'reference': reference,
    }
