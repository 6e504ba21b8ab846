"""`evalkit bench`, as a user would start it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.comparisons import evalkit, hugging_face, right_answer
from tests.models.openai.fault_server import FaultServer
from tests.runs import dataset, model, run_folder, scores, write_config


def saved(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the lines of `bench.json` by backend."""
    path = run_folder(folder, 'outputs/words-bench') / 'summary' / 'bench.json'
    return {line['backend']: line for line in json.loads(path.read_text())['lines']}


def test_a_config_is_run_on_one_backend_after_another_and_compared(calc_folder: Path) -> None:
    with FaultServer(right_answer) as server:
        flags = ('words.py', '--backends', 'hf', 'openai', '--limit', '4')
        done = evalkit(calc_folder, 'bench', *flags, '--api-base', server.base)
        again = evalkit(calc_folder, 'bench', *flags, '--api-base', server.base, '-r')
    assert done.returncode == 0, done.stderr
    assert len(server.asked) == 4
    found = saved(calc_folder)
    assert list(found) == ['hf', 'openai']
    assert (found['hf']['abbr'], found['openai']['abbr']) == ('calc-hf', 'calc-openai')
    assert (found['hf']['value'], found['openai']['value']) == (0.0, 100.0)
    assert (found['hf']['agreement'], found['openai']['agreement']) == (100.0, 0.0)
    assert found['hf']['speedup'] == 1.0
    assert found['hf']['engine'].startswith('transformers ')
    assert found['openai']['n'] == 4
    assert again.returncode == 0, again.stderr
    summary = run_folder(calc_folder, 'outputs/words-bench') / 'summary'
    assert {path.name for path in summary.glob('bench.*')} == {
        'bench.csv',
        'bench.json',
        'bench.md',
    }


def test_backends_that_fail_say_why_and_the_others_go_on(calc_folder: Path) -> None:
    kwargs = {'token': 'hf_verysecrettoken'}
    write_config(calc_folder, [hugging_face(path='no/model/here', model_kwargs=kwargs)])
    with FaultServer(right_answer) as server:
        backends = ('hf', 'sglang', 'openai')
        done = evalkit(
            calc_folder, 'bench', 'words.py', '--backends', *backends, '--api-base', server.base
        )
    assert done.returncode == 3
    found = saved(calc_folder)
    assert 'no/model/here' in found['hf']['error']
    assert 'calc-hf: model_kwargs.token: SGLang has no counterpart' in found['sglang']['error']
    assert found['openai']['value'] == 100.0
    assert 'FAILED sglang: ' in done.stdout
    assert 'verysecret' not in done.stdout + done.stderr


def test_a_missing_environment_is_the_failure_of_its_backend_only(calc_folder: Path) -> None:
    write_config(calc_folder, [hugging_face(path='no/model/here')])
    nowhere = {'EVALKIT_PYTHON_HF': '/no/python'}
    with FaultServer(right_answer) as server:
        flags = ('--backends', 'hf', 'openai', '--api-base', server.base)
        done = evalkit(calc_folder, 'bench', 'words.py', *flags, **nowhere)
    assert done.returncode == 3
    found = saved(calc_folder)
    assert found['hf']['error'].startswith('EVALKIT_PYTHON_HF is /no/python, but no program is')
    assert found['openai']['value'] == 100.0


def test_each_backend_of_a_model_has_a_column_whatever_its_summarizer_abbr(
    calc_folder: Path,
) -> None:
    write_config(calc_folder, [hugging_face(summarizer_abbr='Calc')])
    nowhere = {'EVALKIT_PYTHON_HF': '/no/python'}
    with FaultServer(right_answer) as server:
        flags = ('--backends', 'hf', 'openai', '--api-base', server.base)
        done = evalkit(calc_folder, 'bench', 'words.py', *flags, **nowhere)
    assert done.returncode == 3, done.stderr
    found = scores(run_folder(calc_folder, 'outputs/words-bench'))
    assert found == {('words', 'calc-hf'): None, ('words', 'calc-openai'): 100.0}


@pytest.mark.parametrize(
    ('flags', 'message'),
    [
        (('hf', 'hf'), '--backends names hf more than once'),
        (('openai',), '--backends openai needs the address of the server'),
        (('hf', '--api-model', 'x'), '--api-model goes with --backends openai'),
    ],
)
def test_flags_that_make_no_sense_are_refused(
    calc_folder: Path, flags: tuple[str, ...], message: str
) -> None:
    done = evalkit(calc_folder, 'bench', 'words.py', '--backends', *flags)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_model_that_no_backend_changes_cannot_be_compared(calc_folder: Path) -> None:
    write_config(calc_folder, [model()], [dataset()])
    done = evalkit(calc_folder, 'bench', 'words.py', '--backends', 'vllm')
    assert done.returncode == 2
    assert 'scripted: no Hugging Face model that could be converted' in done.stderr
