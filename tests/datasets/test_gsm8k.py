"""GSM8K: its files, its prompts, and how numbers are found in answers."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from evalkit.config import resolve_type
from evalkit.datasets import Gsm8kEvaluator, gsm8k_dataset_postprocess, gsm8k_postprocess
from evalkit.datasets.files import find_data, read_jsonl
from evalkit.errors import ConfigError
from tests.datasets.families import ROOT, SAMPLES, config, prompts, samples_of, score
from tests.runs import evaluate

CASES: list[dict[str, Any]] = read_jsonl(SAMPLES / 'gsm8k_answers.jsonl')

CRATES = 'A shop sells 50 crates of 25 pears. How many pears are sold?'


@pytest.mark.usefixtures('samples')
def test_rows_are_questions_with_their_solutions() -> None:
    rows = samples_of(config('gsm8k_gen'))
    assert len(rows) == 3
    assert rows[0].fields['question'] == CRATES
    assert gsm8k_dataset_postprocess(rows[0].reference) == '1250'


@pytest.mark.usefixtures('samples')
def test_the_usual_prompt_wants_the_answer_in_a_box() -> None:
    asked = f'{CRATES}\nPlease reason step by step, and put your final answer within \\boxed{{}}.'
    assert prompts(config('gsm8k_0shot_gen_a58960'))[0] == asked
    assert prompts(config('gsm8k_gen'), chat=True)[0] == [{'role': 'user', 'content': f'{asked}\n'}]


@pytest.mark.usefixtures('samples')
def test_eight_examples_are_the_first_of_the_train_split() -> None:
    cfg = config('gsm8k_8shot_gen')
    text = prompts(cfg)[0]
    assert text.startswith(
        'Question: Ann has 2 pens and buys 3 more. How many pens has Ann?\nAnswer:\n'
        'Ann has 2 + 3 = <<2+3=5>>5 pens.\n#### 5\n'
    )
    assert text.count('####') == 8
    assert text.rstrip().endswith(f'Question: {CRATES}\nAnswer:')
    messages = prompts(cfg, chat=True)[0]
    assert [message['role'] for message in messages] == ['user', 'assistant'] * 8 + ['user']


@pytest.mark.usefixtures('samples')
def test_answers_are_scored_by_value(tmp_path: Path) -> None:
    answers = {
        'crates': 'The answer is \\boxed{1{,}250} pears. (Step 2 of 2)',
        'degrees': 'It is −3 degrees.',
        'tickets': 'The answer is $19.',
    }
    assert score(tmp_path, config('gsm8k_gen'), answers=answers) == {
        'accuracy': pytest.approx(66.6667, abs=1e-4)
    }


@pytest.mark.parametrize('case', CASES, ids=[case['about'] for case in CASES])
def test_a_golden_case(case: dict[str, Any]) -> None:
    found = gsm8k_postprocess(case['output'])
    assert found == case['answer']
    assert Gsm8kEvaluator().score(found, case['reference'])['accuracy'] == case['correct']


def test_there_are_at_least_eighty_golden_cases() -> None:
    assert len(CASES) >= 80


@pytest.mark.parametrize('text', ['18', '-3', '1,250', '2.5', '5/2', '1e3'])
@pytest.mark.parametrize(
    'form', ['{}', 'The answer is {}.', '#### {}', '\\boxed{{{}}}', 'It is ${}$.', '**{}**']
)
def test_a_reference_is_right_in_every_form(text: str, form: str) -> None:
    assert Gsm8kEvaluator().score(gsm8k_postprocess(form.format(text)), text) == {'accuracy': 1.0}


@pytest.mark.parametrize(
    'text',
    [
        '9' * 5000,
        '1,' + '234,' * 5000,
        '0.' + '3' * 5000,
        '(' * 50_000,
        'the answer is ' * 20_000,
        '\\boxed{' * 5000,
        '####' + '\n' * 100_000,
    ],
    ids=lambda text: text[:8].strip(),
)
def test_an_output_that_goes_round_in_circles_is_wrong_and_no_failure(text: str) -> None:
    start = time.process_time()
    assert Gsm8kEvaluator().score(gsm8k_postprocess(text), '18') == {'accuracy': 0.0}
    assert time.process_time() - start < 5


def test_two_texts_without_a_number_are_not_equal_by_being_empty() -> None:
    assert Gsm8kEvaluator().score('', '') == {'accuracy': 0.0}


@pytest.mark.parametrize('name', ['gsm8k', 'opencompass.datasets.gsm8k_postprocess'])
def test_the_names_of_opencompass_mean_our_function(name: str) -> None:
    assert resolve_type(name) is gsm8k_postprocess


def test_missing_data_say_where_they_were_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('EVALKIT_DATA', str(tmp_path / 'mine'))
    monkeypatch.setenv('HF_HUB_OFFLINE', '1')
    with pytest.raises(ConfigError) as caught:
        samples_of(config('gsm8k_gen'))
    assert str(caught.value).startswith(
        f'there is no data at opencompass/gsm8k; looked at {tmp_path}/data/gsm8k, '
        f'{tmp_path}/mine/data/gsm8k, '
    )
    assert 'EVALKIT_DATA' in str(caught.value)


def has_real_data() -> bool:
    """Tell whether EVALKIT_DATA points to the whole of GSM8K."""
    root = Path(os.environ.get('EVALKIT_DATA', '/nowhere'))
    return any((root / place).is_file() for place in ('gsm8k/test.jsonl', 'data/gsm8k/test.jsonl'))


@pytest.mark.skipif(not has_real_data(), reason='EVALKIT_DATA has no gsm8k')
def test_the_real_solutions_all_score_as_right() -> None:
    solutions = [json.loads(line)['answer'] for line in open_test()]
    assert len(solutions) == 1319
    scores = [
        Gsm8kEvaluator().score(gsm8k_postprocess(text), gsm8k_dataset_postprocess(text))
        for text in solutions
    ]
    assert all(each['accuracy'] == 1.0 for each in scores)


def open_test() -> list[str]:
    return (find_data('opencompass/gsm8k') / 'test.jsonl').read_text().splitlines()


def test_the_config_that_opencompass_shows_first_is_planned(samples: Path, tmp_path: Path) -> None:
    done = evaluate(tmp_path, ROOT / 'configs' / 'eval_gsm8k.py', '--dry-run')
    assert done.returncode == 0, done.stderr
    assert f'[user]\n{CRATES}\nPlease reason step by step' in done.stdout
    assert 'nothing was run' in done.stdout
