"""`evalkit parity`, as a user would start it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.comparisons import evalkit, hugging_face, right_answer
from tests.models.openai.fault_server import FaultServer
from tests.runs import run_folder, write_config


def saved(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the lines of `parity.json` by backend."""
    path = run_folder(folder, 'outputs/words-parity') / 'summary' / 'parity.json'
    return {line['backend']: line for line in json.loads(path.read_text())['lines']}


def test_a_server_that_reads_and_answers_otherwise_is_told_with_the_causes(
    calc_folder: Path,
) -> None:
    with FaultServer(right_answer) as server:
        flags = ('--backends', 'hf', 'openai', '--api-base', server.base, '--samples', '3')
        done = evalkit(calc_folder, 'parity', 'words.py', *flags)
    assert done.returncode == 3, done.stderr
    assert len(server.asked) == 3
    found = saved(calc_folder)
    hf, openai = found['hf'], found['openai']
    assert (hf['num_prompts_equal'], hf['num_texts_equal'], hf['max_gap']) == (3, 3, 0.0)
    assert hf['difference'] is None
    assert (openai['num_prompts_equal'], openai['num_prompts']) == (0, 3)
    assert (openai['num_texts_equal'], openai['num_texts']) == (0, 3)
    assert openai['difference']['what'] == 'prompt'
    assert openai['difference']['cause'] == 'another chat template'
    assert openai['difference']['shown'].startswith('the prompt has 7 tokens, and ')
    assert 'openai: no log-probabilities: OpenAISDK cannot return' in done.stdout
    assert 'likely cause: another chat template' in done.stdout
    probes = run_folder(calc_folder, 'outputs/words-parity') / 'probes'
    assert {path.name for path in probes.iterdir()} == {'calc-hf.json', 'calc-openai.json'}


def test_a_model_that_is_asked_nothing_costs_no_table(calc_folder: Path) -> None:
    models = [hugging_face(), hugging_face(abbr='idle-hf', max_out_len=4)]
    entry = {'models': ['calc-hf'], 'datasets': ['words']}
    write_config(calc_folder, models, model_dataset_combinations=[entry])
    with FaultServer(right_answer) as server:
        flags = ('--backends', 'hf', 'openai', '--api-base', server.base, '--samples', '2')
        done = evalkit(calc_folder, 'parity', 'words.py', *flags)
    assert done.returncode == 3, done.stderr
    path = run_folder(calc_folder, 'outputs/words-parity') / 'summary' / 'parity.json'
    lines = json.loads(path.read_text())['lines']
    assert [(line['model'], line['backend']) for line in lines] == [
        ('calc-hf', 'hf'),
        ('calc-hf', 'openai'),
    ]


def test_without_a_reference_nothing_is_compared(calc_folder: Path) -> None:
    write_config(calc_folder, [hugging_face(path='no/model/here')])
    with FaultServer(right_answer) as server:
        flags = ('--backends', 'hf', 'openai', '--api-base', server.base)
        done = evalkit(calc_folder, 'parity', 'words.py', *flags)
    assert done.returncode == 3
    assert server.asked == []
    found = saved(calc_folder)
    assert 'no/model/here' in found['hf']['error']
    assert found['openai']['error'] == 'hf failed, so that there is nothing to compare with'


@pytest.mark.parametrize(
    ('flags', 'message'),
    [
        (('hf',), '--backends needs two at least'),
        (('openai', 'hf'), '--backends openai needs the address of the server'),
    ],
)
def test_flags_that_make_no_sense_are_refused(
    calc_folder: Path, flags: tuple[str, ...], message: str
) -> None:
    done = evalkit(calc_folder, 'parity', 'words.py', '--backends', *flags)
    assert done.returncode == 2
    assert message in done.stderr
