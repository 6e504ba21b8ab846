"""Benchmarks that only an installed OpenCompass has run with its own classes.

The package that stands for it here has its shapes: a `load` that is a method, metrics beside
`details`, a module hidden by a class, a postprocessor in the module of the dataset.
"""

import json
from pathlib import Path

import pytest

from tests.runs import evaluate, run_folder, summary

PACKAGE = {
    '__init__.py': "__version__ = '0.5.4'",
    'registry.py': """
class Registry:
    def __init__(self):
        self.module_dict = {}

    def register_module(self, name):
        return lambda made: self.module_dict.setdefault(name, made)

LOAD_DATASET, ICL_EVALUATORS, TEXT_POSTPROCESSORS = Registry(), Registry(), Registry()
""",
    'datasets/__init__.py': 'from .riddles import *\n',
    'datasets/riddles/__init__.py': 'from .riddles import *\n',
    'datasets/riddles/riddles.py': """
from opencompass.registry import ICL_EVALUATORS, TEXT_POSTPROCESSORS

class RiddleDataset:
    def load(self, path, last=3):
        return [{'q': f'riddle{n}', 'a': n} for n in range(last)]

@ICL_EVALUATORS.register_module('RiddleEvaluator_1_1')
class RiddleEvaluator:
    def score(self, predictions, references):
        details = [{'correct': p == r} for p, r in zip(predictions, references)]
        right = sum(d['correct'] for d in details)
        return {'score': 100 * right / len(details), 'asked': len(details), 'details': details}

class TalkEvaluator:
    def score(self, predictions, references):
        right = [list(map(str, said)) == wanted for said, wanted in zip(predictions, references)]
        return {'right': 100 * sum(right) / len(right), 'said': len(predictions[0])}

class RowEvaluator:
    def score(self, predictions, references, test_set):
        right = [row['q'][-1] == str(p) for row, p in zip(test_set, predictions)]
        return {'right': 100 * sum(right) / len(test_set['a'])}

class PickyEvaluator:
    def score(self, predictions, references, weather):
        return {}

class BrokenEvaluator:
    def score(self, predictions, references):
        return {'error': 'preds and refrs have different length'}

@TEXT_POSTPROCESSORS.register_module('riddle-last')
def riddle_postprocess(text):
    return int(text[-1])
""",
}
CONFIG = """
from opencompass.datasets import {evaluator}, RiddleDataset, riddle_postprocess
from opencompass.openicl.icl_inferencer import GenInferencer
from opencompass.openicl.icl_prompt_template import PromptTemplate
from opencompass.openicl.icl_retriever import ZeroRetriever
from evalkit.models import ScriptedModel

answers = dict(riddle0='0', riddle1='9', riddle2='2')
models = [dict(type=ScriptedModel, abbr='scripted', answers=answers)]
datasets = [
    dict(
        type=RiddleDataset,
        abbr='riddles',
        path='riddles',
        reader_cfg=dict(input_columns=['q'], output_column='a'),
        infer_cfg=dict(
            prompt_template=dict(type=PromptTemplate, template='{{q}}'),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=GenInferencer, max_out_len=8),
        ),
        eval_cfg=dict(
            evaluator=dict(type={evaluator}), pred_postprocessor=dict(type=riddle_postprocess)
        ),
    )
]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a config, beside an installed package of OpenCompass's shape."""
    for name, text in PACKAGE.items():
        path = tmp_path / 'installed' / 'opencompass' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / 'riddles.py').write_text(CONFIG.format(evaluator='RiddleEvaluator'))
    return tmp_path


def installed(folder: Path) -> str:
    """Return the place of the package, for PYTHONPATH."""
    return str(folder / 'installed')


def test_what_only_opencompass_has_is_borrowed(folder: Path) -> None:
    done = evaluate(folder, 'riddles.py', PYTHONPATH=installed(folder))
    assert done.returncode == 0, done.stderr
    found = summary(run_folder(folder, 'outputs/riddles'))
    rows = {row['metric']: row['values']['scripted'] for row in found['rows']}
    assert rows['score']['value'] == pytest.approx(200 / 3)
    assert rows['score']['stderr'] == pytest.approx(100 / 3)
    assert rows['asked']['value'] == 3
    assert rows['asked']['stderr'] is None


def test_what_it_registers_is_borrowed_by_its_bare_name(folder: Path) -> None:
    config = folder / 'riddles.py'
    text = config.read_text().replace('type=RiddleEvaluator', "type='RiddleEvaluator_1_1'")
    config.write_text(text.replace('type=riddle_postprocess', "type='riddle-last'"))
    done = evaluate(folder, 'riddles.py', PYTHONPATH=installed(folder))
    assert done.returncode == 0, done.stderr
    found = summary(run_folder(folder, 'outputs/riddles'))
    rows = {row['metric']: row['values']['scripted']['value'] for row in found['rows']}
    assert rows['score'] == pytest.approx(200 / 3)


def test_a_bare_name_that_nobody_has_is_told_with_the_nearest_one(folder: Path) -> None:
    config = folder / 'riddles.py'
    config.write_text(config.read_text().replace('type=RiddleEvaluator', "type='AccEvalutor'"))
    done = evaluate(folder, 'riddles.py', PYTHONPATH=installed(folder))
    assert done.returncode == 2
    assert 'evalkit has no AccEvalutor; did you mean AccEvaluator?' in done.stderr


def test_an_evaluator_that_looks_at_the_rows_gets_them(folder: Path) -> None:
    (folder / 'riddles.py').write_text(CONFIG.format(evaluator='RowEvaluator'))
    done = evaluate(folder, 'riddles.py', PYTHONPATH=installed(folder))
    assert done.returncode == 0, done.stderr
    run = run_folder(folder, 'outputs/riddles')
    result = json.loads((run / 'results/scripted/riddles.json').read_text())
    assert result['metrics']['right']['value'] == pytest.approx(200 / 3)
    assert result['evaluator'] == 'RowEvaluator of opencompass 0.5.4'


def test_what_is_not_installed_is_named(folder: Path) -> None:
    done = evaluate(folder, 'riddles.py')
    assert done.returncode == 2
    assert 'datasets[0].type: evalkit has no RiddleDataset (of opencompass.datasets)' in done.stderr


def test_a_name_that_neither_has_is_told_with_the_nearest_one(folder: Path) -> None:
    config = folder / 'riddles.py'
    config.write_text(config.read_text().replace('RiddleDataset', 'RidleDataset'))
    done = evaluate(folder, 'riddles.py', PYTHONPATH=installed(folder))
    assert done.returncode == 2
    assert 'opencompass.datasets has no RidleDataset; did you mean RiddleDataset?' in done.stderr


@pytest.mark.parametrize(
    ('evaluator', 'reason'),
    [
        ('PickyEvaluator', 'PickyEvaluator of OpenCompass scores with weather, which evalkit'),
        ('BrokenEvaluator', 'BrokenEvaluator of OpenCompass: preds and refrs have different'),
    ],
)
def test_an_evaluator_that_cannot_score_fails_with_its_reason(
    folder: Path, evaluator: str, reason: str
) -> None:
    (folder / 'riddles.py').write_text(CONFIG.format(evaluator=evaluator))
    done = evaluate(folder, 'riddles.py', PYTHONPATH=installed(folder))
    assert done.returncode == 3
    assert reason in done.stdout


def test_a_conversation_is_one_list_of_answers(folder: Path) -> None:
    text = CONFIG.format(evaluator='TalkEvaluator').replace('GenInferencer', 'ChatInferencer')
    rows = [
        {'q': ['riddle0', 'riddle1'], 'a': ['0', '9']},
        {'q': ['riddle0', 'riddle2'], 'a': ['1', '2']},
    ]
    (folder / 'talks.jsonl').write_text(''.join(json.dumps(row) + '\n' for row in rows))
    for old, new in {
        'max_out_len=8': "max_out_len=8, infer_mode='every'",
        'type=RiddleDataset': "type='evalkit.datasets.CustomDataset'",
        "path='riddles'": "path='talks.jsonl'",
        'ScriptedModel': 'ScriptedChatModel',
    }.items():
        text = text.replace(old, new)
    (folder / 'riddles.py').write_text(text)
    done = evaluate(folder, 'riddles.py', PYTHONPATH=installed(folder))
    assert done.returncode == 0, done.stderr
    found = summary(run_folder(folder, 'outputs/riddles'))
    values = {row['metric']: row['values']['scripted']['value'] for row in found['rows']}
    assert values == {'right': 50.0, 'said': 2.0}
