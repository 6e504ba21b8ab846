"""MuSR: stories with several questions, hints, and the number of a choice."""

from pathlib import Path

import pytest

from evalkit.config import load_config
from evalkit.datasets import MusrDataset, MusrEvaluator
from evalkit.errors import ConfigError
from tests.datasets.families import ROOT, config, configs, prompts, samples_of, score

pytestmark = pytest.mark.usefixtures('samples')


def test_choices_are_counted_from_one() -> None:
    rows = samples_of(config('musr_gen', 'musr_murder_mysteries'))
    assert [row.reference for row in rows] == [1, 2]
    assert rows[0].fields['choices_str'] == '1 - Ann\n2 - Bob'


def test_each_kind_of_story_has_a_hint() -> None:
    texts = {abbr: prompts(cfg)[0] for abbr, cfg in configs('musr_gen').items()}
    assert texts['musr_murder_mysteries'].startswith(
        'A story (murder_mysteries): Ann had a knife. Bob slept.\n\nWho did it?\n'
        'Choose one:\n1 - Ann\n2 - Bob\n\nA murderer has a means, a motive'
    )
    assert (
        'People believe that a thing is where they last saw it' in texts['musr_object_placements']
    )
    assert 'how good each person is at each task' in texts['musr_team_allocation']
    [group] = load_config(ROOT / 'configs/summarizers/groups/musr.py')['musr_summary_groups']
    assert set(group['subsets']) == set(texts)


def test_answers_are_scored(tmp_path: Path) -> None:
    answers = {'Ann had': 'ANSWER: 2? No.\nANSWER: 1', 'Another': 'It is 2.'}
    found = score(tmp_path, config('musr_gen', 'musr_murder_mysteries'), answers=answers)
    assert found == {'accuracy': 50.0}


@pytest.mark.parametrize(
    ('output', 'is_right'),
    [('ANSWER: 2', 1.0), ('**ANSWER: 2 - Bob**', 1.0), ('Answer: (2)', 1.0), ('2', 0.0), ('', 0.0)],
)
def test_the_number_after_the_last_answer_counts(output: str, is_right: float) -> None:
    assert MusrEvaluator().score(output, 2) == {'accuracy': is_right}


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match=r'no team_alocation; did you mean team_allocation\?'):
        MusrDataset.load('opencompass/musr', 'team_alocation')
