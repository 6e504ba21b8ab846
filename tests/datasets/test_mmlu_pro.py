"""MMLU-Pro: up to ten options, categories, and letters in reasoned answers."""

from pathlib import Path

import pytest

from evalkit.datasets import MMLUProBaseEvaluator, mmlu_pro_postprocess
from tests.datasets.families import config, configs, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_a_category_has_its_own_rows_with_their_options() -> None:
    rows = samples_of(config('mmlu_pro_gen', 'mmlu_pro_physics'))
    assert [(row.fields['question_id'], row.reference) for row in rows] == [(7, 'B'), (9, 'A')]
    assert rows[0].fields['options_str'].splitlines()[-1] == 'I. a spin'
    assert rows[0].fields['answer_string'] == 'B. a force\n'
    assert len(configs('mmlu_pro_gen')) == 14


def test_the_prompt_without_examples_names_the_category() -> None:
    text = prompts(config('mmlu_pro_gen', 'mmlu_pro_physics'))[0]
    assert text.startswith('Think about this question on physics step by step')
    assert '\n\nWhat is thing 7?\n\nA. a wave\nB. a force\n' in text


def test_five_worked_examples_come_from_the_validation_split() -> None:
    text = prompts(config('mmlu_pro_5shot_cot_gen', 'mmlu_pro_physics'))[0]
    assert text.count("Answer: Let's think step by step.\nThing ") == 5
    assert text.endswith("J. a jet\nAnswer: Let's think step by step.") is False
    assert text.endswith("I. a spin\nAnswer: Let's think step by step.")


def test_answers_are_scored(tmp_path: Path) -> None:
    cfg = config('mmlu_pro_gen', 'mmlu_pro_physics')
    answers = {'thing 7': 'A force. ANSWER: B', 'thing 9': 'The answer is (C).'}
    assert score(tmp_path, cfg, answers=answers) == {'accuracy': 50.0}


@pytest.mark.parametrize(
    ('text', 'letter'),
    [
        ('The answer is (J).', 'J'),
        ('the answer is **B**', 'B'),
        ('The answer is (A). No: the answer is (D).', 'D'),
        ('ANSWER: H', 'H'),
        ('Answer: **C**', 'C'),
        (r'So \boxed{E}', 'E'),
        ('F', 'F'),
        ('(G).', 'G'),
        ('The answer is a force', ''),
        ('I think so', ''),
        ('', ''),
    ],
)
def test_a_letter_is_taken_where_it_is_stated(text: str, letter: str) -> None:
    assert mmlu_pro_postprocess(text) == letter


def test_the_evaluator_of_opencompass_takes_the_letter_or_the_text() -> None:
    scores = [
        MMLUProBaseEvaluator().score(output, 'C. a ring\n')['accuracy']
        for output in ('C', 'a ring', 'a ring\nindeed', 'A', '')
    ]
    assert scores == [1.0, 1.0, 1.0, 0.0, 0.0]
