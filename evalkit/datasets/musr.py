"""MuSR: murder mysteries, hidden objects and teams, as long stories (Sprague et al.,
https://arxiv.org/abs/2310.16049).

`<name>.json` is a list of `{"context", "questions": [{"question", "choices", "answer"}]}`, where
the answer is the number of the choice, from 0.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from evalkit.config import did_you_mean
from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_rows
from evalkit.errors import ConfigError
from evalkit.evaluators import BaseEvaluator, Scores

HINTS = {
    'murder_mysteries': 'A murderer has a means, a motive and an opportunity; who is innocent '
    'lacks at least one of them. If that decides nothing, take whom the story says most against.',
    'object_placements': 'People believe that a thing is where they last saw it; they only see a '
    'thing moved if they are there and attend to it.',
    'team_allocation': 'The story tells how good each person is at each task, and how well two of '
    'them work together. Find the allocation that does all tasks as well as possible.',
}

ASK = (
    'Choose one:\n{choices}\n\n{hint}\nThink step by step, then end with a line that says '
    '"ANSWER: N", where N is the number of your choice.'
)


class MusrDataset(BaseDataset):
    """Rows with the whole `prompt`, its parts, and `gold_answer`: the choice's number from 1."""

    @staticmethod
    def load(path: str, name: str) -> list[dict[str, Any]]:
        """Read the stories of `name`."""
        if name not in HINTS:
            known = f'; there is {", ".join(HINTS)}'
            raise ConfigError(f'MuSR has no {name}{did_you_mean(name, HINTS, otherwise=known)}')
        stories = read_rows(find_data(path) / f'{name}.json')
        return [row for story in stories for row in rows_of(story, HINTS[name])]


class MusrEvaluator(BaseEvaluator):
    """`accuracy`: whether the last 'ANSWER: N' of an output has the right number.

    The arguments of OpenCompass's configs have no effect: its references count from 1, too, and
    repeats are `n` of the dataset.
    """

    def __init__(self, answer_index_modifier: int = 1, self_consistency_n: int = 1) -> None:
        super().__init__()

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare two numbers."""
        found = re.findall(r'(?i:answer)\W{0,9}?:\W{0,9}?(\d{1,9})', str(output))
        return {'accuracy': float(bool(found) and int(found[-1]) == int(reference))}


def rows_of(story: Mapping[str, Any], hint: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each question on a story."""
    for question in story['questions']:
        choices = '\n'.join(f'{n} - {choice}' for n, choice in enumerate(question['choices'], 1))
        ask = ASK.format(choices=choices, hint=hint)
        yield {
            'context': story['context'],
            'question_text': question['question'],
            'choices': question['choices'],
            'choices_str': choices,
            'prompt': f'{story["context"]}\n\n{question["question"]}\n{ask}',
            'system_prompt': 'You read stories with care and answer questions about them.',
            'gold_answer': question['answer'] + 1,
        }
