"""BIG-Bench Hard: 27 tasks that were hard for models of 2022 (Suzgun et al.,
https://arxiv.org/abs/2210.09261).

`<task>.json` holds `{"examples": [{"input", "target"}]}`. Three worked examples are in
`<task>.txt`, below `cot-prompts` (as published) or `lib_prompt` (OpenCompass) beside that folder.
"""

import re
from pathlib import Path
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_data, read_json
from evalkit.errors import ConfigError
from evalkit.evaluators import BaseEvaluator, Scores

STATEMENT = re.compile(r'answer\s+is\s*:?\s*', re.IGNORECASE)
EXAMPLE_FOLDERS = ('lib_prompt', 'cot-prompts')

MAX_WORDS = 60
"""Characters of an output that may be an answer without saying so."""


class BBHDataset(BaseDataset):
    """Rows with `input` and `target`; with `examples`, each also has the worked examples."""

    @staticmethod
    def load(path: str, name: str, examples: bool = False) -> list[dict[str, Any]]:
        """Read the task `name`."""
        folder = find_data(path)
        file = read_json(folder / f'{name}.json')
        if not isinstance(file, dict) or not isinstance(file.get('examples'), list):
            raise ConfigError(f'{folder / name}.json: there is no list of `examples`')
        more = {'examples': read_examples(folder, name)} if examples else {}
        return [{**row, **more} for row in file['examples']]


def read_examples(folder: Path, name: str) -> str:
    """Return the worked examples of a task, without the notice at the top of their file."""
    places = [
        base / place / f'{name}.txt'
        for base in (folder.parent, folder)
        for place in EXAMPLE_FOLDERS
    ]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        looked = ', '.join(map(str, places))
        raise ConfigError(f'there are no worked examples of {name}; looked at {looked}')
    return found.read_text(encoding='utf-8').rpartition('-----\n')[2].strip()


def bbh_mcq_postprocess(text: str) -> str:
    """Return the letter of the option that a text states: '(B)', or 'B' alone; or ''.

    A statement without a letter comes back in its words, as three references are written so.
    """
    stated = STATEMENT.split(text)
    letters = re.findall(r'\(([A-Z])\)', stated[-1])
    if letters:
        return str(letters[0] if len(stated) > 1 else letters[-1])
    lone = re.search(r'\b([A-Z])\b', stated[-1])
    is_short = '\n' not in text.strip() and len(text) < MAX_WORDS
    if lone and (len(stated) > 1 or len(text.strip()) < len('**A**.')):
        return lone[1]
    return bbh_freeform_postprocess(text) if len(stated) > 1 or is_short else ''


def bbh_freeform_postprocess(text: str) -> str:
    """Return the words that a text states as its answer: the rest of that line, unadorned."""
    stated = STATEMENT.split(text)[-1].strip()
    line = stated.split('\n', 1)[0].strip()
    bold = re.search(r'\*\*(.+?)\*\*', line)
    words = (bold[1] if bold else line).strip().rstrip('.').strip('"\'`$ ')
    verdict = re.match(r'(yes|no|true|false|valid|invalid)\b', words, re.IGNORECASE)
    return verdict[1] if verdict else ' '.join(words.split())


class BBHEvaluator(BaseEvaluator):
    """`score`: whether the stated words are those of the reference, whatever their case."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare words; commas between them, as in a sorted list, do not matter."""
        given, wanted = (plain(bbh_freeform_postprocess(str(each))) for each in (output, reference))
        return {'score': float(given == wanted)}


def plain(text: str) -> str:
    """Return words in lower case with single spaces; a comma between digits stays out, too."""
    return ' '.join(re.sub(r'(?<=\d),(?=\d{3}\b)', '', text).replace(',', ' ').casefold().split())


class BBHEvaluatorMcq(BaseEvaluator):
    """`score`: whether both letters are the same."""

    def score(self, output: Any, reference: Any) -> Scores:
        """Compare two letters; no letter is never right."""
        return {'score': float(output == reference != '')}
