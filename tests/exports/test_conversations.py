"""Conversations in OpenCompass's files: a record for each, with lists of its turns."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.runs import evaluate

CONFIG = """
from evalkit.datasets import CustomDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import ChatInferencer
from evalkit.models import ScriptedChatModel
from evalkit.prompts import PromptTemplate, ZeroRetriever

datasets = [
    dict(
        type=CustomDataset,
        abbr='talks',
        path='talks.jsonl',
        reader_cfg=dict(input_columns=['q'], output_column='a'),
        infer_cfg=dict(
            prompt_template=dict(
                type=PromptTemplate,
                template=dict(
                    round=[dict(role='HUMAN', prompt='{q}?'), dict(role='BOT', prompt='{a}')]
                ),
            ),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=ChatInferencer, infer_mode='every', max_out_len=8),
        ),
        eval_cfg=dict(evaluator=dict(type=AccEvaluator)),
    )
]
answers = {'one?': '1', '1\\ntwo?': 'zwei', 'uno?': '1', '1\\ndos?': '2'}
models = [dict(type=ScriptedChatModel, abbr='chat', path='m', answers=answers, default='?')]
"""

ROWS = [{'q': ['one', 'two'], 'a': ['1', '2']}, {'q': ['uno', 'dos'], 'a': ['1', '2']}]

EXPORTED = {
    '0': {'gold': ['1', '2'], 'prediction': ['1', 'zwei'], 'origin_prompt': ['one?', 'two?']},
    '1': {'gold': ['1', '2'], 'prediction': ['1', '2'], 'origin_prompt': ['uno?', 'dos?']},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / 'eval.py').write_text(CONFIG)
    (tmp_path / 'talks.jsonl').write_text(''.join(json.dumps(row) + '\n' for row in ROWS))
    return tmp_path


def value(folder: Path) -> Any:
    [path] = folder.glob('outputs/eval/*/summary/summary.json')
    [row] = json.loads(path.read_text())['rows']
    return row['values']['chat']['value']


def leave(folder: Path, records: Any) -> None:
    path = folder / 'theirs/20240101_120000/predictions/chat/talks.json'
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(records))


def rescore(folder: Path) -> str:
    given = ('--from-opencompass', 'theirs/20240101_120000')
    done = evaluate(folder, 'eval.py', '-m', 'eval', *given)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_turns_of_a_conversation_share_a_record(folder: Path) -> None:
    done = evaluate(folder, 'eval.py', '--export', 'opencompass')
    assert done.returncode == 0, done.stderr
    [path] = folder.glob('outputs/eval/*/exports/opencompass/predictions/chat/talks.json')
    records = json.loads(path.read_text())
    for record in records.values():
        record['origin_prompt'] = [text.strip() for text in record['origin_prompt']]
    assert records == EXPORTED
    assert value(folder) == 75.0


def test_conversations_of_theirs_end_in_a_table(folder: Path) -> None:
    # There `gold` is overwritten by what the model said.
    leave(folder, {key: {**each, 'gold': each['prediction']} for key, each in EXPORTED.items()})
    assert 'talks of chat: 4 answers' in rescore(folder)
    assert value(folder) == 75.0


def test_a_column_of_messages_of_theirs_ends_in_a_table(folder: Path) -> None:
    records = {
        key: {
            'origin_prompt': None,
            'prediction': [
                {'round': number, 'user': user, 'assistant': said}
                for number, (user, said) in enumerate(
                    zip(each['origin_prompt'], each['prediction'], strict=True), start=1
                )
            ],
        }
        for key, each in EXPORTED.items()
    }
    leave(folder, records)
    rescore(folder)
    assert value(folder) == 75.0
