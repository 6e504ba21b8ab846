"""A task may run in another environment, which need not have evalkit installed."""

import json
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ConfigError
from evalkit.runners.interpreters import Interpreter, check_variables, interpreter_of
from evalkit.tasks.base import Task
from tests.runs import dataset, evaluate, model, run_folder, scores, write_config, write_words

TELL_PREFIX = """
import sys
from evalkit.models import ScriptedModel

class PrefixModel(ScriptedModel):
    def describe(self):
        return {'engine': 'scripted', 'prefix': sys.prefix}
"""


def task(name: str = 'VLLM', kind: Any = 'infer', **run_cfg: Any) -> Task:
    cfg = {'type': f'evalkit.models.{name}', 'abbr': 'a', 'path': 'org/a', 'run_cfg': run_cfg}
    return Task(kind, cfg, ({'abbr': 'data'},), 'outputs')


@pytest.fixture
def second_environment(tmp_path: Path) -> Path:
    """Return the Python of a new environment that sees the packages of this one by a path file."""
    folder = tmp_path / 'second'
    subprocess.run([sys.executable, '-m', 'venv', '--without-pip', str(folder)], check=True)
    [packages] = folder.glob('lib/python*/site-packages')
    paths = {sysconfig.get_path('purelib'), sysconfig.get_path('platlib')}
    (packages / 'those_of_the_tests.pth').write_text('\n'.join(sorted(paths)))
    return folder / 'bin' / 'python'


@pytest.fixture
def recording_python(tmp_path: Path) -> Path:
    """Return a program that is this Python, and notes each start in `starts.log`."""
    path = tmp_path / 'python-for-vllm'
    log = tmp_path / 'starts.log'
    path.write_text(f'#!/bin/sh\necho "$*" >> {log}\nexec {sys.executable} "$@"\n')
    path.chmod(0o755)
    return path


def test_the_key_of_a_model_comes_before_the_variable_of_its_backend(
    recording_python: Path,
) -> None:
    variables = {'EVALKIT_PYTHON_VLLM': '/bin/sh'}
    named = interpreter_of(task(python=str(recording_python)), variables)
    assert named == Interpreter(str(recording_python), 'run_cfg.python of a')
    assert interpreter_of(task(), variables) == Interpreter('/bin/sh', 'EVALKIT_PYTHON_VLLM')


@pytest.mark.parametrize(
    ('name', 'variable'),
    [
        ('VLLM', 'EVALKIT_PYTHON_VLLM'),
        ('SGLangwithChatTemplate', 'EVALKIT_PYTHON_SGLANG'),
        ('TurboMindModel', 'EVALKIT_PYTHON_LMDEPLOY'),
        ('OpenAISDK', 'EVALKIT_PYTHON_OPENAI'),
        ('HuggingFacewithChatTemplate', 'EVALKIT_PYTHON_HF'),
    ],
)
def test_each_backend_has_its_variable(name: str, variable: str) -> None:
    everywhere = {
        f'EVALKIT_PYTHON_{backend}': sys.executable
        for backend in ('VLLM', 'SGLANG', 'LMDEPLOY', 'OPENAI', 'HF')
    }
    found = interpreter_of(task(name), {**everywhere, variable: '/bin/sh'})
    assert found == Interpreter('/bin/sh', variable)
    assert interpreter_of(task(name), everywhere).is_this
    assert interpreter_of(task(name), {}) == Interpreter()


def test_scoring_and_models_without_a_backend_stay_in_this_environment() -> None:
    variables = {'EVALKIT_PYTHON_VLLM': '/bin/sh'}
    assert interpreter_of(task(kind='evaluate', python='/bin/sh'), variables) == Interpreter()
    assert interpreter_of(task('ScriptedModel'), variables) == Interpreter()
    assert interpreter_of(task(), {'EVALKIT_PYTHON_VLLM': ''}) == Interpreter()


def test_a_name_is_looked_up_as_a_shell_does() -> None:
    assert interpreter_of(task(python='sh'), {}).path.endswith('/sh')


def test_a_misspelt_variable_is_not_without_effect_in_silence() -> None:
    with pytest.raises(ConfigError) as caught:
        check_variables({'EVALKIT_PYTHON_VLM': '/bin/sh'})
    assert str(caught.value) == (
        'EVALKIT_PYTHON_VLM: there is no such backend; did you mean EVALKIT_PYTHON_VLLM?'
    )


def test_a_task_runs_in_the_environment_that_its_model_names(
    tmp_path: Path, second_environment: Path
) -> None:
    write_words(tmp_path)
    (tmp_path / 'own_models.py').write_text(TELL_PREFIX)
    own = model(type='own_models.PrefixModel', run_cfg={'python': str(second_environment)})
    write_config(tmp_path, [own])
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    run = run_folder(tmp_path)
    assert scores(run) == {('words', 'scripted'): 100.0}
    engine = json.loads((run / 'predictions' / 'scripted' / 'engine.json').read_text())
    assert engine['prefix'] == str(second_environment.parent.parent)


def test_a_missing_python_is_one_line_before_anything_is_run(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, [model(run_cfg={'python': 'no/such/python'})])
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 2
    assert done.stderr == (
        'run.py: error: run_cfg.python of scripted is no/such/python, but no program is there: '
        'name the python of an environment, as in .venv-vllm/bin/python\n'
    )


def test_an_environment_without_the_packages_of_evalkit_is_one_line_before_anything_is_run(
    tmp_path: Path,
) -> None:
    folder = tmp_path / 'empty'
    subprocess.run([sys.executable, '-m', 'venv', '--without-pip', str(folder)], check=True)
    python = folder / 'bin' / 'python'
    write_words(tmp_path)
    write_config(tmp_path, [model(run_cfg={'python': str(python)})])
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 2
    [line] = [each for each in done.stderr.splitlines() if 'error: ' in each]
    assert line.startswith(
        f'run.py: error: run_cfg.python of scripted: {python} cannot run evalkit'
    )
    assert 'ModuleNotFoundError' in line
    assert line.endswith(f'`{python} -m pip install -e .` in the folder of evalkit')


def test_everything_in_one_process_and_another_python_exclude_each_other(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, [model(run_cfg={'python': '/bin/sh'})])
    done = evaluate(tmp_path, 'words.py', '--debug')
    assert done.returncode == 2
    assert 'run_cfg.python of scripted is another Python (/bin/sh)' in done.stderr


def test_a_variable_decides_where_the_models_of_a_backend_run(
    tmp_path: Path, recording_python: Path
) -> None:
    write_words(tmp_path)
    folder = tmp_path / 'no_weights'
    folder.mkdir()
    empty = {'type': 'evalkit.models.HuggingFaceBaseModel', 'abbr': 'a', 'path': str(folder)}
    write_config(tmp_path, [empty, model()], [dataset()])
    done = evaluate(tmp_path, 'words.py', EVALKIT_PYTHON_HF=str(recording_python))
    assert 'FAILED a on words: ' in done.stdout
    [look, start] = (tmp_path / 'starts.log').read_text().splitlines()
    assert look == '-c import evalkit.tasks.run'
    assert start.startswith('-m evalkit.tasks ')
    assert start.endswith('/a/words.task.json')
