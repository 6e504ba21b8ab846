"""SimpleQA: what a judge calls right, wrong, or not attempted."""

from pathlib import Path

import pytest

from evalkit.config import build
from evalkit.datasets import SimpleQADataset
from tests.datasets.families import config, prompts, samples_of
from tests.datasets.judged import judged_score

pytestmark = pytest.mark.usefixtures('samples')


def test_rows_and_prompt() -> None:
    cfg = config('simpleqa_gen')
    rows = samples_of(cfg)
    assert [row.reference for row in rows][:2] == ['William Herschel', '3, inhabited']
    assert prompts(cfg)[2] == (
        'Question: Who painted "The Night Watch"?\nLet\'s think step by step:'
    )


def test_a_draw_is_always_the_same() -> None:
    drawn = SimpleQADataset.load(num_examples=2)
    assert len(drawn) == 2
    assert drawn == SimpleQADataset.load(num_examples=2)


def test_attempts_count_apart(tmp_path: Path) -> None:
    answers = {'Uranus': 'Herschel', 'Malta': '5', 'Watch': 'I do not know', 'Emma': 'Austen'}
    verdicts = {'answer: Herschel': 'A', 'answer: 5': 'B', 'answer: I do': 'NOT_ATTEMPTED'}
    found = judged_score(
        tmp_path, config('simpleqa_gen_0283c3'), answers, {**verdicts, 'answer: Austen': 'CORRECT'}
    )
    assert found == {
        'accuracy': 50.0,
        'accuracy_given_attempted': pytest.approx(200 / 3),
        'f1': pytest.approx(400 / 7),
        'attempted': 75.0,
    }


def test_nothing_attempted_is_no_division_by_nothing() -> None:
    verdicts = build({'type': 'opencompass.datasets.simpleqa_postprocess'})
    found = verdicts.aggregate([verdicts.scores('C')] * 2, [0, 1])
    assert {name: metric.value for name, metric in found.items()} == {
        'accuracy': 0.0,
        'accuracy_given_attempted': 0.0,
        'f1': 0.0,
        'attempted': 0.0,
    }
