"""A conversation is judged once, and its judge may be shown each answer, or all rounds."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.judges.runs import JUDGED, asked_judge, evaluator, judgements, result
from tests.runs import asked, dataset, evaluate, model, run_folder, scores, write_config

ROWS = [
    {'question': ['Say word1', 'Say word2'], 'answer': ['word1', 'word2']},
    {'question': ['Say word3', 'Say word9'], 'answer': ['word3', 'word4']},
]

TEMPLATE = 'G {answer} 1 [{prediction_r1}] 2 [{prediction_r2}] all {prediction}'


def talks(**keys: Any) -> dict[str, Any]:
    template = {'type': 'evalkit.prompts.PromptTemplate', 'template': TEMPLATE}
    found = dataset(
        eval_cfg={
            'evaluator': evaluator(
                prompt_template=template,
                judge_cfg=model(
                    'judge', patterns={r'2 \[word2': 'A', 'word': 'B'}, log_path=JUDGED
                ),
            )
        },
        **keys,
    )
    rounds = [{'role': 'HUMAN', 'prompt': '{question}'}, {'role': 'BOT', 'prompt': '{answer}'}]
    found['infer_cfg'] |= {
        'prompt_template': {
            'type': 'evalkit.prompts.PromptTemplate',
            'template': {'round': rounds},
        },
        'inferencer': {'type': 'evalkit.inferencers.ChatInferencer', 'infer_mode': 'every'},
    }
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = ''.join(f'{json.dumps(row)}\n' for row in ROWS)
    (tmp_path / 'words.jsonl').write_text(lines)
    write_config(tmp_path, [model()], [talks()])
    return tmp_path


def test_a_conversation_is_judged_once(folder: Path) -> None:
    done = evaluate(folder, 'words.py')
    assert done.returncode == 0, done.stderr
    assert (len(asked(folder)), len(asked_judge(folder))) == (4, 2)
    assert scores(run_folder(folder)) == {('words', 'scripted'): 50.0}
    [record] = [record for record in judgements(folder) if record['index'] == 0]
    rounds = [
        {'round': 1, 'user': 'Say word1', 'assistant': 'word1'},
        {'round': 2, 'user': 'Say word2', 'assistant': 'word2'},
    ]
    assert record['prompt'] == f"G ['word1', 'word2'] 1 [word1] 2 [word2] all {rounds}"


def test_the_details_have_all_turns(folder: Path) -> None:
    evaluate(folder, 'words.py')
    first = result(folder)['details'][0]
    assert [turn['output'] for turn in first['turns']] == ['word1', 'word2']
    assert first['turns'][1]['prompt'] == 'Say word1\nword1\nSay word2'
    assert first['answer'] == ['word1', 'word2']
    assert first['judgement'] == 'A'


def test_a_conversation_with_a_failed_turn_is_not_judged(folder: Path) -> None:
    write_config(folder, [model(error_on='word9')], [talks()])
    assert evaluate(folder, 'words.py').returncode == 3
    assert len(asked_judge(folder)) == 1
    found = result(folder)
    assert (found['n'], found['n_ok']) == (2, 1)
