"""ARC: lettered and numbered options, and questions without four of them."""

from pathlib import Path

import pytest

from tests.datasets.families import config, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_options_get_letters_and_other_questions_are_left_out() -> None:
    for name in ('ARC_c_gen', 'ARC_e_gen', 'ARC_c_ppl', 'ARC_e_ppl'):
        assert [row.reference for row in samples_of(config(name))] == ['A', 'B']
    assert samples_of(config('ARC_c_gen'))[1].fields == {
        'question': 'What do plants take in?',
        'textA': 'sand',
        'textB': 'light',
        'textC': 'stones',
        'textD': 'salt',
        'answerKey': 'B',
    }


def test_the_prompts() -> None:
    assert prompts(config('ARC_e_ppl'))[0]['D'] == (
        'Question: Which of these is a easy metal?\nAnswer: wool'
    )
    assert prompts(config('ARC_c_gen'))[0] == (
        'Answer the question with the letter of the right option alone.\n'
        'Question: Which of these is a hard metal?\nA. iron\nB. wood\nC. glass\nD. wool\nAnswer:'
    )


@pytest.mark.parametrize(
    ('name', 'answers'),
    [
        ('ARC_c_gen', {'hard metal': 'The answer is A.'}),
        ('ARC_c_ppl', {'plants': 'light', 'metal': 'wood'}),
        ('ARC_e_gen', {'plants': '**B**'}),
        ('ARC_e_ppl', {'easy metal': 'iron'}),
    ],
)
def test_one_right_answer_of_two(tmp_path: Path, name: str, answers: dict[str, str]) -> None:
    found = score(tmp_path, config(name), chat=False, answers=answers, default='(none)')
    assert found == {'accuracy': 50.0}
