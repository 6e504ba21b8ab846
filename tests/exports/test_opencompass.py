"""`--export opencompass`: OpenCompass's prediction files of a run."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.runs import evaluate

CONFIG = """
from evalkit.datasets import CustomDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer, PPLInferencer
from evalkit.models import ScriptedChatModel, ScriptedModel
from evalkit.prompts import PromptTemplate, ZeroRetriever

sums = dict(
    type=CustomDataset,
    path='sums.jsonl',
    reader_cfg=dict(input_columns=['q'], output_column='a'),
    eval_cfg=dict(evaluator=dict(type=AccEvaluator)),
)
written = dict(
    abbr='written',
    n=2,
    infer_cfg=dict(
        prompt_template=dict(
            type=PromptTemplate,
            template=dict(
                round=[dict(role='HUMAN', prompt='{q}?'), dict(role='BOT', prompt='{a}')]
            ),
        ),
        retriever=dict(type=ZeroRetriever),
        inferencer=dict(type=GenInferencer, generation_kwargs=dict(temperature=1.0)),
    ),
    **sums,
)
chosen = dict(
    abbr='chosen',
    infer_cfg=dict(
        prompt_template=dict(
            type=PromptTemplate, template={'2': '{q} is 2', '4': '{q} is 4'}
        ),
        retriever=dict(type=ZeroRetriever),
        inferencer=dict(type=PPLInferencer),
    ),
    **sums,
)
datasets = [written, chosen]
models = [
    dict(type=ScriptedChatModel, abbr='chat', path='m', answers={'1+1': '2'}, default='5'),
    dict(type=ScriptedModel, abbr='base', path='m', answers={'1+1': '2', '2+2': '4'}),
]
model_dataset_combinations = [
    dict(models=[models[0]], datasets=[written]),
    dict(models=[models[1]], datasets=[chosen]),
]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / 'eval.py').write_text(CONFIG)
    rows = [{'q': '1+1', 'a': '2'}, {'q': '2+2', 'a': '4'}]
    (tmp_path / 'sums.jsonl').write_text(''.join(json.dumps(row) + '\n' for row in rows))
    return tmp_path


def exported(folder: Path, place: str) -> Any:
    [path] = folder.glob(f'outputs/eval/*/exports/opencompass/predictions/{place}.json')
    return json.loads(path.read_text())


def test_answers_are_numbered_and_repeats_follow_after_all_samples(folder: Path) -> None:
    done = evaluate(folder, 'eval.py', '--export', 'opencompass')
    assert done.returncode == 0, done.stderr
    assert 'exports/opencompass' in done.stdout
    records = exported(folder, 'chat/written')
    assert list(records) == ['0', '1', '2', '3']
    assert records['0'] == {
        'origin_prompt': [{'role': 'HUMAN', 'prompt': '1+1?\n'}],
        'prediction': '2',
        'gold': '2',
    }
    assert [records[number]['gold'] for number in records] == ['2', '4', '2', '4']


def test_a_likelihood_record_has_the_loss_of_each_label(folder: Path) -> None:
    evaluate(folder, 'eval.py')
    done = evaluate(folder, 'eval.py', '-r', '-m', 'viz', '--export', 'opencompass')
    assert done.returncode == 0, done.stderr
    first = exported(folder, 'base/chosen')['0']
    assert list(first) == ['origin_prompt', 'label: 2', 'label: 4', 'prediction', 'gold']
    assert first['label: 2']['testing input'] == first['label: 2']['prompt'] == '1+1 is 2'
    assert first['label: 2']['PPL'] < first['label: 4']['PPL']
    assert (first['prediction'], first['gold']) == ('2', '2')


def test_a_dataset_without_all_answers_is_named_and_not_written(folder: Path) -> None:
    evaluate(folder, 'eval.py', '--limit', '1')
    done = evaluate(folder, 'eval.py', '-r', '-m', 'viz', '--export', 'opencompass')
    assert 'not exported: chosen of base: 1 of 2 samples have no answer' in done.stdout
    assert not list(folder.glob('outputs/eval/*/exports/*'))


def test_an_unknown_format_is_refused(folder: Path) -> None:
    done = evaluate(folder, 'eval.py', '--export', 'harness')
    assert done.returncode == 2
    assert "invalid choice: 'harness'" in done.stderr
