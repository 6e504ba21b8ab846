"""BigCodeBench: its files, its prompts, its libraries, and programs that unit tests are run on."""

import gzip
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from evalkit.datasets import BigCodeBenchDataset, BigCodeBenchEvaluator
from evalkit.datasets.files import read_jsonl
from evalkit.errors import ConfigError
from evalkit.evaluators import Unscored, explanation
from evalkit.runners.interpreters import check_variables
from tests.datasets.families import SAMPLES, config, configs, prompts, samples_of
from tests.tasks.runs import Run

FOLDER = SAMPLES / 'bigcodebench'
PROBLEMS: list[dict[str, Any]] = read_jsonl(FOLDER / 'BigCodeBench-v0.1.2.jsonl')
FILES, MEANS, LACKING = PROBLEMS


def solution(problem: dict[str, Any]) -> str:
    return str(problem['code_prompt'] + problem['canonical_solution'])


@pytest.mark.usefixtures('samples')
def test_the_reference_is_all_that_scoring_needs() -> None:
    samples = samples_of(config('bigcodebench_full_instruct_gen'))
    assert len(samples) == 3
    needed = ('task_id', 'complete_prompt', 'code_prompt', 'entry_point', 'test', 'libs')
    assert samples[1].reference == {name: MEANS[name] for name in needed}
    assert list(configs('bigcodebench_gen')) == [
        'bigcodebench_hard_complete',
        'bigcodebench_hard_instruct',
    ]
    [hard] = samples_of(config('bigcodebench_hard_instruct_gen'))
    assert hard.reference['task_id'] == 'BigCodeBench/9002'


@pytest.mark.usefixtures('samples')
def test_the_prompts_are_those_of_the_benchmark() -> None:
    assert prompts(config('bigcodebench_full_complete_gen'))[0] == FILES['complete_prompt']
    assert prompts(config('bigcodebench_full_instruct_gen'))[0] == FILES['instruct_prompt']
    assert prompts(config('bigcodebench_hard_complete_gen'))[0] == MEANS['complete_prompt']


def test_a_release_may_be_packed(tmp_path: Path) -> None:
    packed = gzip.compress((FOLDER / 'BigCodeBench-v0.1.2.jsonl').read_bytes())
    (tmp_path / 'BigCodeBench-v0.1.3.jsonl.gz').write_bytes(packed)
    assert len(BigCodeBenchDataset.load(str(tmp_path), 'v0.1.3')) == 3
    with pytest.raises(ConfigError, match=r'BigCodeBench-Hard-v0\.1\.3\.jsonl'):
        BigCodeBenchDataset.load(str(tmp_path), 'v0.1.3', 'hard')
    with pytest.raises(ConfigError, match="dataset_version: 'easy' is not one of full, hard"):
        BigCodeBenchDataset.load(str(tmp_path), 'v0.1.3', 'easy')
    (tmp_path / 'BigCodeBench-v0.1.4.jsonl').write_text('{"task_id": "a"}\n')
    with pytest.raises(ConfigError, match='a problem of BigCodeBench has no complete_prompt, code'):
        BigCodeBenchDataset.load(str(tmp_path), 'v0.1.4')


@pytest.mark.usefixtures('samples')
def test_a_problem_whose_library_is_missing_has_failed_and_is_no_wrong_answer(
    tmp_path: Path,
) -> None:
    answers = {
        'names of the files': {'text': f'```python\n{solution(FILES)}\n```'},
        'mean of each column': {'text': 'import numpy as np\ndef task_func(rows): return []'},
    }
    cfg = config('bigcodebench_full_instruct_gen')
    run = Run(tmp_path, {'type': 'ScriptedChatModel', 'abbr': 'm', 'answers': answers}, [cfg])
    assert (run.do('infer'), run.do('eval')) == (0, 0)
    details = run.result('bigcodebench_full_instruct')['details']
    assert [detail.get('verdict') for detail in details] == ['passed', 'failed', None]
    assert details[1]['why'].startswith(
        'AssertionError: 3 of 3 tests: test_means: AssertionError: Lists differ: [] != [2.0, 3.0]; '
        'test_numpy_is_used: AssertionError: ValueError not raised; test_one_row: '
    )
    assert run.result('bigcodebench_full_instruct')['metrics']['pass@1']['value'] == 50.0
    assert details[2]['error'].startswith(
        'library: BigCodeBench/9003 needs evalkit_no_such_library (failed: ModuleNotFoundError: '
        "No module named 'evalkit_no_such_library'): install evalkit_no_such_library in the "
        'environment of '
    )


INSTRUCT = {
    'the whole program': (solution(MEANS), 1.0),
    'examples of use that fail': (
        f'{solution(MEANS)}\n\nexample = read()\nprint(task_func(example))',
        1.0,
    ),
    'a helper and a constant': (
        'import numpy as np\nAXIS = 0\ndef mean(rows):\n    return np.array(rows).mean(axis=AXIS)\n'
        'def task_func(rows):\n    return mean(rows).tolist()\ntask_func(None)',
        1.0,
    ),
    'os and sys without an import': (
        'import numpy as np\ndef task_func(rows):\n    assert os.sep and sys.path and environ\n'
        '    return np.array(rows, dtype=float).mean(axis=0).tolist()',
        1.0,
    ),
    'a forgotten import': (
        'def task_func(rows):\n    return mean(np.array(rows, dtype=float), axis=0).tolist()',
        0.0,
    ),
    'another name': (solution(MEANS).replace('task_func', 'means'), 0.0),
    'nothing': ('', 0.0),
    'prose': ('I cannot do that.', 0.0),
    'it exits': (f'{solution(MEANS)}\nimport os\ndef task_func(rows): os._exit(0)', 0.0),
    'it exits by exception': ('def task_func(rows): raise SystemExit(0)', 0.0),
    'it never ends': ('def task_func(rows):\n    while True: pass', 0.0),
    'it replaces the tests': (
        f'{solution(MEANS).replace("mean(", "sum(")}\n'
        'import unittest\nclass TestCases(unittest.TestCase): pass',
        0.0,
    ),
}


@pytest.fixture(scope='module')
def instruct_scores() -> dict[str, Any]:
    """The score of each program, run together."""
    outputs = [f'```python\n{code}\n```' if code else '' for code, _ in INSTRUCT.values()]
    scored = BigCodeBenchEvaluator(seconds=5).score_all(outputs, [MEANS] * len(outputs))
    return dict(zip(INSTRUCT, scored, strict=True))


@pytest.mark.parametrize('about', INSTRUCT)
def test_a_program_passes_if_its_unit_tests_do(about: str, instruct_scores: dict[str, Any]) -> None:
    assert instruct_scores[about] == {'pass@1': INSTRUCT[about][1]}, explanation(
        instruct_scores[about]
    )


def test_calibrated_gives_back_the_imports_that_an_answer_left_out() -> None:
    code = INSTRUCT['a forgotten import'][0]
    problem = {**MEANS, 'code_prompt': f'from numpy import mean\n{MEANS["code_prompt"]}'}
    evaluator = BigCodeBenchEvaluator(calibrated=True)
    assert evaluator.score(code, problem) == {'pass@1': 1.0}
    assert evaluator.score('x = 1', problem) == {'pass@1': 0.0}
    assert BigCodeBenchEvaluator().score(code, problem) == {'pass@1': 0.0}


def test_a_completion_is_the_body_or_the_function_again() -> None:
    evaluator = BigCodeBenchEvaluator(eval_type='complete')
    outputs = [FILES['canonical_solution'], f'```python\n{solution(FILES)}\n```', '    return 2']
    scores = evaluator.score_all(outputs, [FILES] * 3)
    assert [dict(each) for each in scores if isinstance(each, dict)] == [
        {'pass@1': 1.0},
        {'pass@1': 1.0},
        {'pass@1': 0.0},
    ]


def test_a_pass_that_tampers_with_the_framework_is_suspicious() -> None:
    code = (
        'import unittest\nclass Patch:\n    unittest.TestCase.run = lambda self, result: None\n'
        'def task_func(rows): return Patch'
    )
    [scores] = BigCodeBenchEvaluator().score_all([code], [MEANS])
    assert isinstance(scores, dict)
    assert explanation(scores)['suspicions'] == ['the framework of the tests']


@pytest.fixture(scope='module')
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has a library, but neither numpy nor evalkit."""
    folder = tmp_path_factory.mktemp('environment')
    venv.create(folder, symlinks=True)
    [packages] = folder.glob('lib/python*/site-packages')
    (packages / 'evalkit_no_such_library.py').write_text('def twice(text): return text * 2')
    (folder / 'share').mkdir()
    (folder / 'share' / 'words.txt').write_text('twice')
    return folder


WITH_LIBRARY = {
    **LACKING,
    'code_prompt': 'def task_func(text):\n',
    'libs': "['evalkit_no_such_library']",
}


def test_programs_are_run_by_the_python_that_is_named(environment: Path) -> None:
    python = str(environment / 'bin' / Path(sys.executable).name)
    words = environment / 'share' / 'words.txt'
    code = (
        'import evalkit_no_such_library\ndef task_func(text):\n'
        f'    return getattr(evalkit_no_such_library, open({str(words)!r}).read())(text)'
    )
    evaluator = BigCodeBenchEvaluator(python=python)
    found, lacks = evaluator.score_all([code, code], [WITH_LIBRARY, MEANS])
    assert found == {'pass@1': 1.0}, explanation(found)  # type: ignore[arg-type]
    assert isinstance(lacks, Unscored)
    assert lacks.error == (
        'library: BigCodeBench/9002 needs numpy (failed: ModuleNotFoundError: '
        f"No module named 'numpy'): install numpy in the environment of {python}, or name another "
        'by EVALKIT_PYTHON_BIGCODEBENCH'
    )


def test_a_variable_names_the_python_too(
    environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = str(environment / 'bin' / Path(sys.executable).name)
    monkeypatch.setenv('EVALKIT_PYTHON_BIGCODEBENCH', python)
    check_variables({'EVALKIT_PYTHON_BIGCODEBENCH': python})
    code = 'def task_func(text): return text * 2'
    assert BigCodeBenchEvaluator().score(code, WITH_LIBRARY) == {'pass@1': 1.0}


@pytest.mark.parametrize(
    ('python', 'wrong'),
    [
        ('/no/python', 'python of BigCodeBenchEvaluator is /no/python, but no program is there'),
        ('/bin/false', 'python of BigCodeBenchEvaluator: /bin/false is no usable Python'),
    ],
)
def test_a_python_that_is_none_is_one_clear_line(python: str, wrong: str) -> None:
    with pytest.raises(ConfigError, match=wrong):
        BigCodeBenchEvaluator(python=python).score('', MEANS)


FOUND = [path for minor in range(9, 11) if (path := shutil.which(f'python3.{minor}'))]
OLDER = [path for path in FOUND if subprocess.run([path, '-c', ''], check=False).returncode == 0]


@pytest.mark.parametrize('python', OLDER)
def test_older_pythons_run_programs_too(python: str) -> None:
    """BigCodeBench's own environment has Python 3.10."""
    evaluator = BigCodeBenchEvaluator(python=python)
    scores = evaluator.score_all([solution(FILES), 'def task_func(a, b): 1'], [FILES] * 2)
    assert scores == [{'pass@1': 1.0}, {'pass@1': 0.0}]


def test_libs_that_are_no_list_are_one_clear_line() -> None:
    with pytest.raises(ConfigError, match=r'BigCodeBench/9002: libs is no list of modules: os\.s'):
        BigCodeBenchEvaluator().score('', {**MEANS, 'libs': 'os.system("x")'})


def test_the_keys_of_opencompass_are_taken() -> None:
    evaluator = BigCodeBenchEvaluator(
        release_version='v0.1.2',
        eval_type='instruct',
        remote_execute_api='https://example.org',
        dataset_version='hard',
        pass_k='1,5',
        parallel=2,
        max_as_limit=2048,
    )
    assert (evaluator.sizes, evaluator.num_workers) == ([1, 5], 2)
    assert evaluator.limits.memory_mb == 2048
    with pytest.raises(ConfigError, match="eval_type: 'chat' is not one of complete, instruct"):
        BigCodeBenchEvaluator(eval_type='chat')


def test_libs_may_be_a_list() -> None:
    assert BigCodeBenchEvaluator().score(solution(MEANS), {**MEANS, 'libs': ['numpy']}) == {
        'pass@1': 1.0
    }
