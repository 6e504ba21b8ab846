"""BIG-Bench Hard: tasks, worked examples, and what counts as the same answer."""

import os
from pathlib import Path

import pytest

from evalkit.config import load_config, resolve_type
from evalkit.datasets import BBHDataset, BBHEvaluator, bbh_freeform_postprocess, bbh_mcq_postprocess
from evalkit.errors import ConfigError
from tests.datasets.families import ROOT, config, configs, prompts, samples_of, score

DATES, WORDS = 'bbh-date_understanding', 'bbh-word_sorting'


@pytest.mark.usefixtures('samples')
def test_rows_are_the_examples_of_a_task() -> None:
    rows = samples_of(config('bbh_0shot_cot_gen', DATES))
    assert [row.reference for row in rows] == ['(A)', '(C)']
    assert set(rows[0].fields) == {'input', 'target'}


@pytest.mark.usefixtures('samples')
def test_the_worked_examples_come_from_the_files_beside_the_data() -> None:
    [text] = prompts(config('bbh_gen', WORDS))
    assert text == (
        'Sort a list of words.\n\n'
        'Q: Sort the following words alphabetically: List: b a\n'
        "A: Let's think step by step.\nSo the answer is a b.\n\n"
        'Q: Sort the following words alphabetically: List: pear fig apple\n'
        "A: Let's think step by step."
    )
    assert prompts(config('bbh_gen', DATES))[0].startswith('Infer the date from context.\n\nQ: ')


def test_missing_examples_say_where_they_were_looked_for(tmp_path: Path) -> None:
    (tmp_path / 'bbh').mkdir()
    (tmp_path / 'bbh' / 'navigate.json').write_text('{"examples": []}')
    assert BBHDataset.load(str(tmp_path / 'bbh'), 'navigate') == []
    with pytest.raises(
        ConfigError, match=r'no worked examples of navigate; looked at .*cot-prompts'
    ):
        BBHDataset.load(str(tmp_path / 'bbh'), 'navigate', examples=True)


@pytest.mark.usefixtures('samples')
def test_letters_and_words_are_scored(tmp_path: Path) -> None:
    answers = {
        'Yesterday': 'Option (C) is wrong. So the answer is (A).',
        'Tomorrow': 'So the answer is B.',
    }
    assert score(tmp_path / 'dates', config('bbh_gen', DATES), answers=answers) == {'score': 50.0}
    answers = {'pear fig': 'First apple.\nSo the answer is apple, fig, pear.'}
    assert score(tmp_path / 'words', config('bbh_gen', WORDS), answers=answers) == {'score': 100.0}


@pytest.mark.parametrize(
    ('text', 'letter'),
    [
        ('(A)', 'A'),
        ('So the answer is (B).', 'B'),
        ('So the answer is B.', 'B'),
        ('So the answer is: **(R)**', 'R'),
        ('Not (A). So the answer is I think (D)', 'D'),
        ('The answer is (A). Wait. The answer is (B).', 'B'),
        ('(A) no\n(B) no\n(C) yes', 'C'),
        ('C', 'C'),
        ('So the answer is Monsters, Inc.', 'Monsters, Inc'),
        ('I do not know\nwhat to say', ''),
        ('', ''),
    ],
)
def test_a_letter_is_taken_where_it_is_stated(text: str, letter: str) -> None:
    assert bbh_mcq_postprocess(text) == letter


@pytest.mark.parametrize(
    ('output', 'reference', 'is_right'),
    [
        ('So the answer is True.', 'True', 1.0),
        ('The answer is: **false**', 'False', 1.0),
        ('So the answer is yes, he can.', 'Yes', 1.0),
        ('So the answer is -1,024.', '-1024', 1.0),
        ('So the answer is ] ) >.', '] ) >', 1.0),
        ('So the answer is a, b, c', 'a b c', 1.0),
        ('So the answer is b a c', 'a b c', 0.0),
        ('No.', 'No', 1.0),
        ('So the answer is 12', '2', 0.0),
        ('', 'Yes', 0.0),
    ],
)
def test_words_are_compared_without_their_dress(
    output: str, reference: str, is_right: float
) -> None:
    assert BBHEvaluator().score(output, reference) == {'score': is_right}


@pytest.mark.parametrize(
    ('name', 'function'),
    [('bbh-mcq', bbh_mcq_postprocess), ('bbh-freeform', bbh_freeform_postprocess)],
)
def test_the_registry_names_of_opencompass_resolve(name: str, function: object) -> None:
    assert resolve_type(name) is function
    assert resolve_type('opencompass.datasets.BBHEvaluator_mcq').__name__ == 'BBHEvaluatorMcq'


def test_the_group_has_the_27_tasks_of_the_configs() -> None:
    [group] = load_config(ROOT / 'configs/summarizers/groups/bbh.py')['bbh_summary_groups']
    assert len(group['subsets']) == 27
    assert set(group['subsets']) == set(configs('bbh_gen')) == set(configs('bbh_0shot_cot_gen'))


def has_real_data() -> bool:
    """Tell whether EVALKIT_DATA points to BIG-Bench Hard."""
    root = Path(os.environ.get('EVALKIT_DATA', '/nowhere'))
    return any((root / place).is_dir() for place in ('bbh/bbh', 'BBH/data', 'data/BBH/data'))


@pytest.mark.skipif(not has_real_data(), reason='EVALKIT_DATA has no bbh')
def test_the_real_tasks_have_6511_samples_and_their_targets_are_right() -> None:
    found = configs('bbh_gen')
    targets = [(name, row.reference) for name in found for row in samples_of(found[name])]
    assert len(targets) == 6511
    scores = [
        BBHEvaluator().score(f'So the answer is {target}.', target)['score']
        for _, target in targets
    ]
    assert set(scores) == {1.0}
