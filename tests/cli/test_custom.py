"""A file of questions evaluated without a config: `--custom-dataset-path`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.runs import evaluate

MODEL = """
from evalkit.models import {kind}
models = [dict(type={kind}, abbr='m', path='m', answers={answers}, default='?')]
"""

CHOICES = 'question,A,B,C,answer\n1+1=,2,3,4,A\n2+2=,2,3,4,C\n3+3=,six,3,4,A\n'
"""The third is answered by the text of the option."""


def run(folder: Path, answers: dict[str, str], *flags: str, kind: str = 'ScriptedChatModel') -> Any:
    (folder / 'model.py').write_text(MODEL.format(kind=kind, answers=answers))
    return evaluate(folder, 'model.py', '-w', 'out', *flags)


def rows(folder: Path) -> list[Any]:
    [path] = folder.glob('out/*/summary/summary.json')
    return [
        (row['dataset'], row['mode'], row['metric'], row['values']['m']['value'])
        for row in json.loads(path.read_text())['rows']
    ]


def prompt(folder: Path) -> Any:
    [path] = folder.glob('out/*/results/m/*.json')
    return json.loads(path.read_text())['details'][0]['prompt']


def test_choices_are_guessed_from_the_columns(tmp_path: Path) -> None:
    (tmp_path / 'my_test.csv').write_text(CHOICES)
    answers = {'1+1': 'A', '2+2': 'The answer is B', '3+3': 'It must be six.'}
    done = run(tmp_path, answers, '--custom-dataset-path', 'my_test.csv')
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path) == [('my_test', 'gen', 'accuracy', pytest.approx(200 / 3))]
    assert prompt(tmp_path) == [{'role': 'user', 'content': 'Question: 1+1=\nA. 2\nB. 3\nC. 4\n'}]


def test_choices_are_compared_by_likelihood(tmp_path: Path) -> None:
    (tmp_path / 'my_test.csv').write_text(CHOICES)
    flags = ('--custom-dataset-data-type', 'mcq', '--custom-dataset-infer-method', 'ppl')
    answers = {'1+1': 'Answer: A', '2+2': 'Answer: C', '3+3': 'Answer: B'}
    path = ('--custom-dataset-path', 'my_test.csv')
    done = run(tmp_path, answers, *path, *flags, kind='ScriptedModel')
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path) == [('my_test', 'ppl', 'accuracy', pytest.approx(200 / 3))]
    assert prompt(tmp_path)['B'] == 'Question: 1+1=\nA. 2\nB. 3\nC. 4\nAnswer: B'


def test_free_answers_are_compared_as_texts(tmp_path: Path) -> None:
    lines = [{'question': '1+1=', 'answer': 2}, {'question': '2+2=', 'answer': '4'}]
    (tmp_path / 'sums.jsonl').write_text(''.join(json.dumps(line) + '\n' for line in lines))
    done = run(tmp_path, {'1+1': '2', '2+2': '5'}, '--custom-dataset-path', 'sums.jsonl')
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path) == [('sums', 'gen', 'accuracy', 50.0)]


META = {
    'abbr': 'mine',
    'template': 'Q: {my_question}\nX. {X}\nY. {Y}\nA: {my_answer}',
    'input_columns': ['my_question', 'X', 'Y'],
    'output_column': 'my_answer',
    'options': ['X', 'Y'],
    'data_type': 'mcq',
}


@pytest.mark.parametrize('name', ['odd.csv.meta.json', 'elsewhere.json'])
def test_what_is_not_as_guessed_is_said_in_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / 'odd.csv').write_text('my_question,X,Y,my_answer\nwhich?,yes,no,Y\n')
    (tmp_path / name).write_text(json.dumps(META))
    named = () if name.startswith('odd') else ('--custom-dataset-meta-path', name)
    done = run(
        tmp_path, {'which': 'Y'}, '--custom-dataset-path', 'odd.csv', *named, kind='ScriptedModel'
    )
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path) == [('mine', 'gen', 'accuracy', 100.0)]
    assert prompt(tmp_path) == 'Q: which?\nX. yes\nY. no\nA: '


def test_a_config_may_name_files_in_the_same_way(tmp_path: Path) -> None:
    (tmp_path / 'my_test.csv').write_text(CHOICES)
    config = MODEL.format(kind='ScriptedChatModel', answers={'1+1': 'A'})
    config += "\ndatasets = [{'path': 'my_test.csv', 'data_type': 'mcq', 'infer_method': 'gen'}]\n"
    (tmp_path / 'eval.py').write_text(config)
    done = evaluate(tmp_path, 'eval.py', '-w', 'out')
    assert done.returncode == 0, done.stderr
    assert rows(tmp_path) == [('my_test', 'gen', 'accuracy', pytest.approx(100 / 3))]


@pytest.mark.parametrize(
    ('text', 'flags', 'error'),
    [
        (CHOICES.replace('4,C', '4,D'), (), "row 1: the answer 'D' is none of the options A, B, C"),
        ('question\nwhy?\n', (), 'there is no column answer to score by'),
        ('question,answer\n', (), 'there are no rows'),
        (CHOICES, ('--custom-dataset-data-type', 'qa', '--custom-dataset-infer-method', 'ppl'),
         'qa by ppl is not possible; there is mcq gen, mcq ppl, qa gen'),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_an_error_before_anything_runs(
    tmp_path: Path, text: str, flags: tuple[str, ...], error: str
) -> None:
    (tmp_path / 'x.csv').write_text(text)
    done = run(tmp_path, {}, '--custom-dataset-path', 'x.csv', *flags, '--dry-run')
    assert done.returncode != 0
    assert error in done.stderr


def test_a_misspelt_key_in_the_meta_file_is_named(tmp_path: Path) -> None:
    (tmp_path / 'x.csv').write_text(CHOICES)
    (tmp_path / 'x.csv.meta.json').write_text('{"human_promt": "?"}')
    done = run(tmp_path, {}, '--custom-dataset-path', 'x.csv')
    assert done.returncode == 2
    assert (
        'unknown key human_promt in what is said of it; did you mean human_prompt?' in done.stderr
    )
