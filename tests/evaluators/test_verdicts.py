"""Verdicts are read where they stand for themselves, and nowhere else."""

import pytest

from evalkit.config import build
from evalkit.evaluators import VerdictError, Verdicts, generic_llmjudge_postprocess

RIGHT = [
    'A',
    ' a.\n',
    '**A**',
    '(A)',
    '[[A]]',
    '"CORRECT"',
    'A: CORRECT',
    'A: Correct.',
    'Verdict: A',
    'Final verdict: **CORRECT**',
    'The verdict is: A',
    'Grade: `A`',
    '最终判断：正确',
    r'$\boxed{A}$',
    'The candidate says 4, and so does the reference.\n\nA',
    'B would be wrong here, since 4 = 4.\nJudgement: CORRECT\n\n',
    '<think>The answer is B?\nB</think>\nA',
    '{"verdict": "A"}',
    '{"reason": "Both say B.", "grade": "correct"}',
    '```json\n{"correct": true}\n```',
    'Reasons first.\n```\n{"verdict": "A",\n "why": "4"}\n```\n',
    'Reasons first.\n{"verdict": "A"}',
    'Both say 4, so my verdict is A.',
    'They agree.\nTherefore I give it a grade of **A**.',
    'The first grade was B, but 4 = 4.0; the final grade is A.',
    'The verdict is CORRECT, for both say 4.',
]

WRONG = [
    'B',
    'INCORRECT',
    'B: INCORRECT',
    'x\nB.',
    '{"is_correct": false}',
    '错误',
    'Verdict: B',
    'He wrote "grade: A". My verdict is B.',
    'Grade: B. The candidate answers A.',
]

NONE = [
    '',
    '  \n',
    'The Answer is B',
    'The answer is correct.',
    'A or B',
    'A and nothing else',
    'A: INCORRECT',
    'C',
    'Answer: B',
    'A\nas the candidate says 4',
    'I cannot judge that.',
    'A: CORRECT\nB: INCORRECT',
    'A\nB',
    'AB',
    'A verdict: a miss.',
    'Grade: Acceptable.',
    'This is a grade A paper.',
    'The grade is not A.',
    'Grade: C.',
    'The verdict is A or B.',
    'The verdict is A.\nBut I am not sure.',
    '<think>A',
    '<think>Maybe\nB',
    '{"verdict": "maybe"}',
    '{"reason": "A"}',
    '{"verdict": "A", "grade": "B"}',
]


@pytest.mark.parametrize('judgement', RIGHT)
def test_an_answer_is_right(judgement: str) -> None:
    assert Verdicts().read(judgement) == 'A'


@pytest.mark.parametrize('judgement', WRONG)
def test_an_answer_is_wrong(judgement: str) -> None:
    assert Verdicts().read(judgement) == 'B'


@pytest.mark.parametrize('judgement', NONE)
def test_what_says_neither_is_an_error_and_no_score(judgement: str) -> None:
    with pytest.raises(VerdictError):
        Verdicts().read(judgement)


def test_the_error_shows_the_labels_and_the_last_line() -> None:
    with pytest.raises(VerdictError) as error:
        Verdicts().read('Well.\nThe Answer is B')
    assert str(error.value) == (
        'neither the judgement nor its last line is A (CORRECT) or B (INCORRECT): The Answer is B'
    )


def test_the_metric_has_the_name_that_a_config_gives_it() -> None:
    for name in ('generic_llmjudge_postprocess', 'generic_llmjudge_academic_postprocess'):
        cfg = {'type': f'opencompass.datasets.{name}', 'metric_name': 'score'}
        verdicts = build(cfg)
        assert verdicts.scores(verdicts.read('A')) == {'score': 1.0}
    assert generic_llmjudge_postprocess().scores('B') == {'accuracy': 0.0}


class Rating(Verdicts):
    labels = {'1': ('POOR',), '2': ('FAIR',), '3': ('GOOD',)}

    def scores(self, label: str) -> dict[str, float]:
        return {self.metric_name: (int(label) - 1) / 2}


def test_a_subclass_has_labels_and_scores_of_its_own() -> None:
    rating = Rating('quality')
    assert rating.scores(rating.read('Good prose.\n2: fair')) == {'quality': 0.5}
    assert rating.scores(rating.read('Grade: 3')) == {'quality': 1.0}
    with pytest.raises(VerdictError, match=r'1 \(POOR\) or 2 \(FAIR\) or 3 \(GOOD\): A'):
        rating.read('A')
