"""LiveCodeBench: its files and packed tests, its prompts, and programs that are run."""

import base64
import json
import pickle
import shutil
import zlib
from pathlib import Path
from typing import Any

import pytest

from evalkit.config import resolve_type
from evalkit.datasets import LCBCodeGenerationDataset, LCBCodeGenerationEvaluator
from evalkit.datasets.files import read_jsonl
from evalkit.datasets.livecodebench_tests import read_tests, releases, unpacked
from evalkit.errors import ConfigError
from tests.datasets.families import SAMPLES, config, prompts, samples_of, score
from tests.tasks.runs import Run

FOLDER = SAMPLES / 'code_generation_lite'

RIGHT = {
    'A ferry': (
        'for _ in range(int(input())):\n    a, b = map(int, input().split())\n    print(a - b)'
    ),
    'heights of hills': 'print(mean(map(int, input().split())))',
    'longest part': (
        'class Solution:\n    def longestClimb(self, heights: List[int]) -> int:\n'
        '        best = steps = 0\n        for a, b in pairwise(heights):\n'
        '            steps = steps + 1 if b > a else 0\n            best = max(best, steps)\n'
        '        return best'
    ),
    'pairs of name': (
        'class Solution:\n    def splitMarks(self, marks, limit):\n'
        '        return [[name, mark] for name, mark in marks if mark >= limit]'
    ),
}


def answer(code: str) -> dict[str, str]:
    return {'text': f'I think:\n```python\nimport wrong\n```\nNo:\n```python\n{code}\n```\nDone.'}


@pytest.mark.usefixtures('samples')
def test_rows_are_the_problems_of_a_release_without_their_tests() -> None:
    samples = samples_of(config('livecodebench_gen'))
    assert [sample.reference for sample in samples] == ['9001_A', 'abc901_b']
    assert not {'public_test_cases', 'private_test_cases'} & samples[0].fields.keys()
    both = LCBCodeGenerationDataset.load(release_version='release_v2')
    assert [row['question_id'] for row in both] == ['9001_A', 'abc901_b', '9107', '9108']
    second = LCBCodeGenerationDataset.load(release_version='v2')
    assert [row['question_id'] for row in second] == ['9107', '9108']


@pytest.mark.usefixtures('samples')
def test_problems_are_chosen_by_the_day_on_which_they_were_set() -> None:
    def load(start: str | None, end: str | None) -> list[str]:
        rows = LCBCodeGenerationDataset.load(
            release_version='release_v2', start_date=start, end_date=end
        )
        return [row['question_id'] for row in rows]

    assert load('2024-08-01', '2025-02-01') == ['9107', '9108']
    assert load('2023-10-07', '2024-09-14') == ['abc901_b', '9107']
    assert load(None, '2023-09-01') == ['9001_A']
    with pytest.raises(ConfigError, match="start_date: 'August' is no day such as '2024-08-01'"):
        load('August', None)


@pytest.mark.usefixtures('samples')
def test_the_prompt_says_where_input_comes_from() -> None:
    script, function = (
        prompts({**config('livecodebench_gen'), 'release_version': version})[0]
        for version in ('v1', 'v2')
    )
    assert script.startswith('### Question:\nA ferry sells tickets')
    assert script.endswith(
        '### Format: Read the inputs from stdin solve the problem and write the answer to stdout '
        '(do not directly test on the sample inputs). Enclose your code within delimiters as '
        'follows.\n```python\n# YOUR CODE HERE\n```\n\n'
        '### Answer: (use the provided format with backticks)\n\n'
    )
    assert function.endswith(
        '### Format: You will use the following starter code to write the solution to the problem '
        'and enclose your code within delimiters.\n```python\nclass Solution:\n    def longestClimb'
        '(self, heights: List[int]) -> int:\n        \n```\n\n'
        '### Answer: (use the provided format with backticks)\n\n'
    )


def release_v2() -> dict[str, Any]:
    cfg = {**config('livecodebench_gen'), 'release_version': 'release_v2'}
    cfg['eval_cfg']['evaluator']['release_version'] = 'release_v2'
    return cfg


@pytest.mark.usefixtures('samples')
def test_right_programs_pass_all_tests(tmp_path: Path) -> None:
    found = score(
        tmp_path, release_v2(), answers={key: answer(code) for key, code in RIGHT.items()}
    )
    assert found == {'pass@1': 100.0}


@pytest.mark.usefixtures('samples')
def test_the_details_say_which_test_fails_and_private_tests_count(tmp_path: Path) -> None:
    answers = {
        'A ferry': answer('print(2)\nprint(9)'),  # right in the public test
        'heights of hills': answer('print(1 / 0)'),
        'longest part': answer('while True: pass'),
        'pairs of name': answer(RIGHT['pairs of name']),
    }
    cfg = release_v2()
    cfg['eval_cfg']['evaluator']['timeout'] = 1
    run = Run(tmp_path, {'type': 'ScriptedChatModel', 'abbr': 'm', 'answers': answers}, [cfg])
    assert (run.do('infer'), run.do('eval')) == (0, 0)
    result = run.result('lcb_code_generation')
    assert result['metrics']['pass@1']['value'] == 25.0
    assert result['verdicts'] == {'failed': 2, 'timeout': 1, 'passed': 1}
    assert [detail['why'] for detail in result['details']] == [
        'wrong answer: case 2 of 3: 2 9, not 0',
        'ZeroDivisionError: division by zero (solution, line 1: print(1 / 0))',
        'case 1 of 4: more than 1 s',
        '',
    ]
    assert result['details'][0]['program'] == 'print(2)\nprint(9)\n'


@pytest.mark.usefixtures('samples')
def test_pass_at_k_counts_the_answers_of_each_problem(tmp_path: Path) -> None:
    cfg = {**config('livecodebench_gen'), 'n': 5}
    found = score(tmp_path, cfg, answers={'A ferry': answer(RIGHT['A ferry'])})
    assert found == {'pass@1': 50.0, 'pass@5': 50.0}


@pytest.mark.usefixtures('samples')
@pytest.mark.parametrize(
    ('output', 'version', 'passes'),
    [
        ('```python\nprint(1)\n```\n```python\n{right}\n```', 'v2', 1.0),
        ('```python\nprint(1)\n```\n```python\n{right}\n```', 'v1', 0.0),
        ('```python\n{right}\n```\nIt prints:\n```\n2\n9\n```', 'v2', 1.0),
        ('```python\n{right}\n```\nIt prints:\n```\n2\n9\n```', 'v1', 1.0),
        ('```\n{right}\n```', 'v2', 1.0),
        ('```py\n{right}', 'v2', 1.0),
        ('{right}', 'v2', 1.0),
        ('I do not know.', 'v2', 0.0),
        ('', 'v2', 0.0),
    ],
)
def test_the_program_is_the_last_fenced_block(output: str, version: str, passes: float) -> None:
    evaluator = LCBCodeGenerationEvaluator(4, extractor_version=version)
    text = output.replace('{right}', RIGHT['A ferry'])
    assert evaluator.score(text, '9001_A') == {'pass@1': passes}


def packed(content: Any) -> str:
    return base64.b64encode(zlib.compress(pickle.dumps(content))).decode()


TESTS = json.dumps([{'input': '1', 'output': '2', 'testtype': 'stdin'}])


def test_private_tests_are_json_or_a_packed_text_of_it() -> None:
    assert unpacked(TESTS, 'here') == unpacked(packed(TESTS), 'here') == TESTS
    assert unpacked(packed(TESTS.encode()), 'here') == TESTS


class Evil:
    """Its pickle makes a file when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


HOSTILE = {
    'a call': b"cos\nsystem\n(S'touch harm'\ntR.",
    'a call by stack': b'\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\ntouch harm\x85R.',
    'an instance': b"(S'touch harm'\nios\nsystem\n.",
    'a built-in': b'cbuiltins\neval\n(S\'open("harm", "w")\'\ntR.',
    'an object from elsewhere': b'Pharm\n.',
    'an extension': b'\x82\x01.',
    'a number': pickle.dumps(7),
    'a list': pickle.dumps([TESTS]),
    'no pickle': b'harm',
    'nothing': b'',
    'cut off': pickle.dumps(TESTS)[:20],
    'a large memo': b'\x80\x04r\xff\xff\xff\x7f.',
}


@pytest.mark.parametrize('about', HOSTILE)
def test_a_hostile_pickle_is_an_error_and_is_never_run(
    about: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = base64.b64encode(zlib.compress(HOSTILE[about])).decode()
    with pytest.raises(ConfigError, match=r'^here: its private tests are a pickle') as caught:
        unpacked(text, 'here')
    assert len(str(caught.value).splitlines()) == 1
    assert not (tmp_path / 'harm').exists()


def test_a_pickled_object_does_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='a pickle of more than a text, which is not opened: Unp'):
        unpacked(packed(Evil(tmp_path / 'harm')), 'here')
    assert not (tmp_path / 'harm').exists()


@pytest.mark.parametrize(
    ('text', 'wrong'),
    [
        ('@@@', 'cannot be unpacked'),
        (base64.b64encode(b'no zlib').decode(), 'cannot be unpacked'),
        (base64.b64encode(zlib.compress(b'x' * 999)[:-6]).decode(), 'are cut off, or too large'),
    ],
)
def test_tests_that_are_not_packed_so_are_an_error(text: str, wrong: str) -> None:
    with pytest.raises(ConfigError, match=f'^here: its private tests {wrong}'):
        unpacked(text, 'here')


def test_tests_of_two_kinds_are_an_error(tmp_path: Path) -> None:
    [problem, *_] = read_jsonl(FOLDER / 'test.jsonl')
    (tmp_path / 'p.jsonl').write_text(json.dumps({**problem, 'metadata': '{"func_name": "f"}'}))
    with pytest.raises(ConfigError, match='problem 9001_A: its tests are not all of one kind'):
        read_tests(tmp_path / 'p.jsonl', 0)
    (tmp_path / 'p.jsonl').write_text(json.dumps({**problem, 'public_test_cases': '[1]'}))
    with pytest.raises(ConfigError, match='problem 9001_A: its tests are no list of tests'):
        read_tests(tmp_path / 'p.jsonl', 0)


@pytest.mark.parametrize(
    'name',
    [
        'LCBCodeGenerationDataset',
        'LCBCodeGenerationEvaluator',
        'LCBCodeExecutionDataset',
        'LCBCodeExecutionEvaluator',
        'LCBTestOutputPredictionDataset',
        'LCBTestOutputEvaluator',
        'BigCodeBenchDataset',
        'BigCodeBenchEvaluator',
    ],
)
def test_the_names_of_opencompass_mean_these_classes(name: str) -> None:
    found = resolve_type(f'opencompass.datasets.{name}')
    assert (found.__name__, found.__module__.split('.')[0]) == (name, 'evalkit')


@pytest.mark.parametrize(
    ('name', 'version'),
    [
        ('livecodebench_time_split_gen', 'release_v5'),
        ('livecodebench_v6_academic', 'v6'),
        ('livecodebench_latest_gen', 'release_latest'),
        ('livecodebench_split_v4_o1_postprocess_gen_f0ed6c', 'v4'),
        ('livecodebench_code_generation_repeat_gen_b5b6c5', 'release_v1'),
    ],
)
def test_dataset_and_evaluator_of_a_config_have_the_same_release(name: str, version: str) -> None:
    cfg = config(name)
    assert cfg['release_version'] == version
    assert cfg['eval_cfg']['evaluator']['release_version'] == version


def test_releases_add_up() -> None:
    assert releases()['release_v1'] == releases()['v1'] == ['test.jsonl']
    assert releases()['release_latest'] == releases()['release_v6'] == releases()['v1_v6']
    assert releases()['v4_v5'] == ['test4.jsonl', 'test5.jsonl']


@pytest.mark.usefixtures('samples')
def test_a_missing_release_or_problem_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"LiveCodeBench has no 'release_v7'; did you mean rele"):
        LCBCodeGenerationDataset.load(release_version='release_v7')
    with pytest.raises(ConfigError, match='release_v1 has no tests for 1 problems, such as 9107'):
        LCBCodeGenerationEvaluator().score('print(1)', '9107')
    shutil.copy(FOLDER / 'test.jsonl', tmp_path)
    (tmp_path / 'test2.jsonl').write_text('{"question_id": 1}\n')
    with pytest.raises(ConfigError, match='line 1: a problem has no question_content, starter_c'):
        LCBCodeGenerationDataset.load(str(tmp_path), 'v2')
    with pytest.raises(ConfigError, match=r'test3\.jsonl'):
        LCBCodeGenerationDataset.load(str(tmp_path), 'v3')


@pytest.mark.usefixtures('samples')
def test_the_execution_prompt_ends_in_the_call() -> None:
    cfg = config('livecodebench_gen', 'lcb_code_execution')
    [asked, _] = prompts(cfg)
    assert asked.endswith(
        '[PYTHON]\ndef halve(n: int) -> int:\n    return n // 2\nassert halve(n = 7) == ??\n'
        '[/PYTHON]\n[ANSWER]\n'
    )
    assert prompts({**cfg, 'cot': True})[0].endswith('== ??\n[/PYTHON]\n[THOUGHT]\n')


@pytest.mark.usefixtures('samples')
@pytest.mark.parametrize(
    ('output', 'passes'),
    [
        ('assert halve(n = 7) == 3\n[/ANSWER]', 50.0),
        ('[THOUGHT]7 // 2 == 4?[/THOUGHT]\n[ANSWER]\nassert halve(n = 7) == 3.0\n[/ANSWER]', 50.0),
        ('3', 50.0),
        ('[ANSWER]assert halve(n = 7) == halve(n = 7)[/ANSWER]', 0.0),
        ('[ANSWER]assert halve(n = 7) == 4[/ANSWER]', 0.0),
        ('[ANSWER]assert halve(n = 7) == __import__("os")._exit(0)[/ANSWER]', 0.0),
        ('[ANSWER]assert halve(n = 7) == 3)\nimport os\nos._exit(0)\n([/ANSWER]', 0.0),
    ],
)
def test_an_execution_answer_is_compared_by_value(
    output: str, passes: float, tmp_path: Path
) -> None:
    cfg = config('livecodebench_gen', 'lcb_code_execution')
    assert score(tmp_path, cfg, answers={'halve': {'text': output}}) == {'pass@1': passes}


@pytest.mark.usefixtures('samples')
def test_a_test_output_is_compared_by_value(tmp_path: Path) -> None:
    cfg = config('livecodebench_gen', 'lcb_test_output')
    assert prompts(cfg)[1].endswith(
        'Please complete the following test case:\n\n```\n'
        'assert isFlat([2, 2], "moor") == # TODO\n```\n'
    )
    answers = {
        'longest part': {'text': 'So:\n```python\nassert longestClimb([1, 2, 2, 3, 4]) == 2\n```'},
        'falls': {'text': '```python\nassert isFlat([2, 2], "moor") == False\n```'},
    }
    assert score(tmp_path, cfg, answers=answers) == {'pass@1': 50.0}
