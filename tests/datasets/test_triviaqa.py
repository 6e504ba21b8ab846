"""TriviaQA: two file formats, examples with one answer, and aliases as whole words."""

from pathlib import Path

import pytest

from evalkit.datasets import TriviaQADataset, TriviaQAEvaluator
from evalkit.datasets.triviaqa import from_hub
from evalkit.errors import ConfigError
from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')

ASK = 'Answer the question as shortly as you can: name the answer alone.\nQuestion: '


def test_the_lists_of_answers_are_read_and_never_run() -> None:
    splits = TriviaQADataset.load()
    assert splits['dev'][1] == {
        'question': 'Who wrote The Hobbit?',
        'answer': ['J. R. R. Tolkien', "Tolkien's"],
    }
    assert splits['test'][0]['answer'] == 'Oslo'


def test_code_in_place_of_a_list_is_an_error(tmp_path: Path) -> None:
    (tmp_path / 'trivia-dev.qa.csv').write_text('q\t__import__("os").getcwd()\n')
    with pytest.raises(ConfigError, match=r'trivia-dev\.qa\.csv: not a list of texts: __import__'):
        TriviaQADataset.load(str(tmp_path))


def test_the_prompts() -> None:
    assert prompts(config('triviaqa_gen'))[0] == f'{ASK}Which city has the "Louvre"?\nAnswer:'
    assert prompts(config('triviaqa_wiki_1shot_gen')) == [
        f'{ASK}Which metal is liquid at room temperature?\nAnswer:\nMercury\n'
        f'{ASK}Which planet is nearest to the sun?\nAnswer:'
    ]
    [row] = samples_of(config('triviaqa_wiki_1shot_gen'))
    assert row.reference == ['Mercury', 'Mercury (planet)']


def test_answers_are_scored(tmp_path: Path) -> None:
    answers = {'Louvre': 'The answer is Paris, of course.', 'Hobbit': 'Lewis'}
    found = score(tmp_path, config('triviaqa_gen'), answers=answers)
    assert found == {'score': 50.0, 'exact_match': 0.0}


@pytest.mark.parametrize(
    ('output', 'aliases', 'contained', 'exact'),
    [
        ('Paris', ['Paris'], 1.0, 1.0),
        ('the PARIS.', ['Paris'], 1.0, 1.0),
        ('It is Paris\nLondon', ['Paris'], 1.0, 0.0),
        ('London\nParis', ['Paris'], 0.0, 0.0),
        ('J. R. R. Tolkien', ['J.R.R. Tolkien'], 1.0, 1.0),
        ('J. K. Rowling', ['J. R. R. Tolkien'], 0.0, 0.0),
        ('north', ['no'], 0.0, 0.0),
        ('1969', ['July 1969', '1969'], 1.0, 1.0),
        ('Parisian', ['Paris'], 0.0, 0.0),
        ('', ['Paris'], 0.0, 0.0),
        ('anything', ['the', ''], 0.0, 0.0),
        ('Answer: Mercury', ['Mercury'], 1.0, 1.0),
    ],
)
def test_an_alias_counts_as_whole_words(
    output: str, aliases: list[str], contained: float, exact: float
) -> None:
    scores = TriviaQAEvaluator().score(output, aliases)
    assert scores == {'score': contained, 'exact_match': exact}


def test_a_row_of_the_hub_becomes_the_same() -> None:
    row = {'question': 'q', 'answer': {'value': 'Oslo', 'aliases': ['Christiania', 'Oslo']}}
    assert from_hub(row) == {'question': 'q', 'answer': ['Oslo', 'Christiania']}
