"""Row 21: an answer belongs to its question; what has changed is asked again, and nothing else."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.runs import (
    CALC_MODEL,
    asked,
    asked_twice,
    dataset,
    evaluate,
    model,
    run_folder,
    scores,
    write_config,
    write_words,
)

Counts = tuple[int, int, int]
"""Answers reused, answers stale, questions new."""

Change = Mapping[str, Any]


def merged(cfg: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Return a config with a change merged into its nested dicts."""
    result = deepcopy(dict(cfg))
    for key, value in change.items():
        inside = isinstance(value, Mapping) and isinstance(result.get(key), Mapping)
        result[key] = merged(result[key], value) if inside else value
    return result


def told(said: str) -> Counts:
    """Return the counts that a resumed run prints in the terminal."""
    found = re.search(r'reused (\d+), stale (\d+), new (\d+)', said)
    assert found is not None, said
    return int(found[1]), int(found[2]), int(found[3])


def planned(folder: Path, config: str = 'words.py') -> Counts:
    """Return the counts that a dry run of a resumption plans."""
    done = evaluate(folder, config, '-r', '--dry-run')
    assert done.returncode == 0, done.stderr
    [row] = re.findall(r'^\S+/\S+ .*?(\d+) +(\d+) +(\d+) +(\d+) *$', done.stdout, re.MULTILINE)
    _, answered, stale, to_ask = map(int, row)
    return answered, stale, to_ask


@pytest.fixture(scope='module')
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete run of ten samples."""
    folder = tmp_path_factory.mktemp('finished')
    write_words(folder)
    write_config(folder)
    assert evaluate(folder, 'words.py').returncode == 0
    return folder


@pytest.fixture
def again(finished: Path, tmp_path: Path) -> Path:
    """A copy of the complete run, to be changed."""
    shutil.copytree(finished, tmp_path / 'copy')
    return tmp_path / 'copy'


ALL, NONE = (0, 10, 10), (10, 0, 0)

MODEL_CHANGES: dict[str, tuple[Change, Counts]] = {
    'another path': ({'path': 'other'}, ALL),
    'an argument of the model': ({'answers': {'word3.': 'no'}}, ALL),
    'its context length': ({'max_seq_len': 99}, ALL),
    'a sampling temperature': ({'generation_kwargs': {'temperature': 0.5}}, ALL),
    'top_p': ({'generation_kwargs': {'top_p': 0.5}}, ALL),
    'top_k': ({'generation_kwargs': {'top_k': 5}}, ALL),
    'a seed': ({'generation_kwargs': {'seed': 7}}, ALL),
    'a repetition penalty': ({'generation_kwargs': {'repetition_penalty': 1.1}}, ALL),
    'stop words': ({'stop_words': ['!']}, ALL),
    'a shortest answer': ({'min_out_len': 2}, ALL),
    'what is the default anyway': (
        {'generation_kwargs': {'temperature': 0, 'top_p': 1, 'do_sample': False}}, NONE,
    ),
    'a length that the dataset decides': ({'max_out_len': 99}, NONE),
    'how long it takes': ({'delay': 0.001}, NONE),
    'its batches': ({'batch_size': 3}, NONE),
    'its resources': ({'run_cfg': {'num_procs': 2}}, NONE),
    'its postprocessor': ({'pred_postprocessor': {'type': 'general_postprocess'}}, NONE),
}  # fmt: skip

DATASET_CHANGES: dict[str, tuple[Change, Counts]] = {
    'the template': (
        {'infer_cfg': {'prompt_template': {'template': 'words: {question}!'}}}, ALL,
    ),
    'the length of answers': ({'infer_cfg': {'inferencer': {'max_out_len': 9}}}, ALL),
    'where answers end': ({'infer_cfg': {'inferencer': {'stopping_criteria': ['.']}}}, ALL),
    'sampling of the dataset': (
        {'infer_cfg': {'inferencer': {'generation_kwargs': {'temperature': 1.0}}}}, ALL,
    ),
    'worked examples': (
        {'infer_cfg': {'ice_template': {'type': 'evalkit.prompts.PromptTemplate',
                                        'template': '{question} {answer}'},
                       'prompt_template': {'template': '</E>words: {question}',
                                           'ice_token': '</E>'},
                       'retriever': {'type': 'evalkit.prompts.FixKRetriever',
                                     'fix_id_list': [0]}}},
        ALL,
    ),
    'the scorer': ({'eval_cfg': {'pred_postprocessor': {'type': 'first-capital'}}}, NONE),
    'a part of the rows': ({'reader_cfg': {'test_range': '[2:5]'}}, (3, 7, 0)),
    'repeats': ({'n': 2}, (10, 0, 10)),
}  # fmt: skip


@pytest.mark.parametrize(('change', 'counts'), MODEL_CHANGES.values(), ids=MODEL_CHANGES.keys())
def test_each_field_of_a_model_counts_or_not(again: Path, change: Change, counts: Counts) -> None:
    write_config(again, [merged(model(), change)])
    assert planned(again) == counts


@pytest.mark.parametrize(('change', 'counts'), DATASET_CHANGES.values(), ids=DATASET_CHANGES.keys())
def test_each_field_of_a_dataset_counts_or_not(again: Path, change: Change, counts: Counts) -> None:
    write_config(again, datasets=[merged(dataset(), change)])
    assert planned(again) == counts


Rows = list[dict[str, str]]


def with_another_question(rows: Rows) -> Rows:
    return [*rows[:4], {**rows[4], 'question': 'Say word4 now.'}, *rows[5:]]


def with_another_reference(rows: Rows) -> Rows:
    return [*rows[:4], {**rows[4], 'answer': 'word5'}, *rows[5:]]


def with_a_column(rows: Rows) -> Rows:
    return [{**row, 'source': 'somewhere'} for row in rows]


def with_a_row_more(rows: Rows) -> Rows:
    return [{'question': 'Say word99.', 'answer': 'word99'}, *rows]


def with_a_row_twice(rows: Rows) -> Rows:
    return [*rows, rows[3]]


ROW_CHANGES: list[tuple[Callable[[Rows], Rows], Counts, float]] = [
    (with_another_question, (9, 1, 1), 100.0),
    (with_another_reference, (10, 0, 0), 90.0),
    (with_a_column, (10, 0, 0), 100.0),
    (with_a_row_more, (10, 0, 1), 100.0),
    (with_a_row_twice, (10, 0, 0), 100.0),
    (lambda rows: rows[1:], (9, 1, 0), 100.0),
    (lambda rows: rows[::-1], (10, 0, 0), 100.0),
]


@pytest.mark.parametrize(('change', 'counts', 'score'), ROW_CHANGES)
def test_rows_that_change_are_asked_again_alone(
    again: Path, change: Callable[[Rows], Rows], counts: Counts, score: float
) -> None:
    path = again / 'words.jsonl'
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text(''.join(f'{json.dumps(row)}\n' for row in change(rows)))
    done = evaluate(again, 'words.py', '-r')
    assert done.returncode == 0, done.stderr
    assert told(done.stderr) == counts
    assert len(asked(again)) == 10 + counts[2]
    assert not asked_twice(again)
    assert scores(run_folder(again))['words', 'scripted'] == pytest.approx(score)


def test_how_a_model_frames_its_prompts_counts_where_they_are_framed(tmp_path: Path) -> None:
    write_words(tmp_path)
    rounds = {'round': [{'role': 'HUMAN', 'prompt': '{question}'}, {'role': 'BOT', 'prompt': ''}]}
    framed = dataset()
    framed['infer_cfg']['prompt_template']['template'] = rounds
    for begin in ('<a>', '<b>'):
        bot = {'role': 'BOT', 'begin': begin, 'generate': True}
        meta_template = {'round': [{'role': 'HUMAN', 'begin': '<u>'}, bot]}
        write_config(tmp_path, [model(meta_template=meta_template)], [framed])
        done = evaluate(tmp_path, 'words.py', '-w', 'out', *(['-r'] if begin == '<b>' else []))
        assert done.returncode == 0, done.stderr
    assert told(done.stderr) == ALL


def test_what_was_changed_back_is_not_asked_again(again: Path) -> None:
    change = {'infer_cfg': {'prompt_template': {'template': 'words: {question}!'}}}
    write_config(again, datasets=[merged(dataset(), change)])
    done = evaluate(again, 'words.py', '-r')
    assert told(done.stderr) == ALL
    write_config(again)
    done = evaluate(again, 'words.py', '-r')
    assert told(done.stderr) == (10, 10, 0)
    assert len(asked(again)) == 20
    assert not asked_twice(again)


def test_a_strict_resumption_refuses_what_has_changed(again: Path) -> None:
    assert evaluate(again, 'words.py', '-r', '--strict').returncode == 0
    change = {'infer_cfg': {'prompt_template': {'template': 'words: {question}!'}}}
    write_config(again, datasets=[merged(dataset(), change)])
    done = evaluate(again, 'words.py', '-r', '--strict')
    assert done.returncode == 2
    assert '--strict: scripted on words: reused 0, stale 10, new 10: the prompt, ' in done.stderr
    assert len(asked(again)) == 10


def test_a_stale_answer_is_never_scored(again: Path) -> None:
    change = {'infer_cfg': {'prompt_template': {'template': 'words: {question}!'}}}
    write_config(again, datasets=[merged(dataset(), change)])
    done = evaluate(again, 'words.py', '-r', '-m', 'eval')
    assert done.returncode == 4
    assert 'incomplete: 10 of 10 samples have no answer' in done.stdout
    assert scores(run_folder(again)) == {('words', 'scripted'): None}


CALC = """
from evalkit.datasets import CalcDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.models import HuggingFacewithChatTemplate
from evalkit.prompts import PromptTemplate

models = [dict(type=HuggingFacewithChatTemplate, abbr='calc', path='{path}', max_out_len=200{more})]
datasets = [
    dict(
        type=CalcDataset,
        abbr='calc',
        reader_cfg=dict(input_columns=['question'], output_column='answer', test_range='[:3]'),
        infer_cfg=dict(
            prompt_template=dict(type=PromptTemplate, template='{{question}}'),
            inferencer=dict(type=GenInferencer),
        ),
        eval_cfg=dict(evaluator=dict(type=AccEvaluator)),
    )
]
"""


@pytest.fixture(scope='module')
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete run of a real model, which lies beside it."""
    folder = tmp_path_factory.mktemp('real')
    shutil.copytree(CALC_MODEL, folder / 'model')
    (folder / 'calc.py').write_text(CALC.format(path='model', more=''))
    done = evaluate(folder, 'calc.py')
    assert done.returncode == 0, done.stderr
    return folder


def flip_a_weight(folder: Path) -> None:
    """Change each weight a little, as one more step of training does."""
    path = folder / 'model.safetensors'
    data = bytearray(path.read_bytes())
    start = 8 + int.from_bytes(data[:8], 'little')
    data[start:] = bytes(byte ^ 1 for byte in data[start:])
    path.write_bytes(data)


def edit(name: str) -> Callable[[Path], None]:
    """Return what adds a blank to the end of a file."""

    def add_blank(folder: Path) -> None:
        (folder / name).write_text((folder / name).read_text() + ' ')

    return add_blank


def touch_all(folder: Path) -> None:
    for path in folder.iterdir():
        path.touch()


def add_a_file_of_the_training(folder: Path) -> None:
    (folder / 'optimizer.pt').write_bytes(b'state')


@pytest.mark.parametrize(
    ('harm', 'counts'),
    [
        (flip_a_weight, (0, 3, 3)),
        (edit('chat_template.jinja'), (0, 3, 3)),
        (edit('tokenizer.json'), (0, 3, 3)),
        (edit('config.json'), (0, 3, 3)),
        (touch_all, (3, 0, 0)),
        (add_a_file_of_the_training, (3, 0, 0)),
    ],
)
def test_a_model_that_changed_in_its_folder_is_another_one(
    real: Path, tmp_path: Path, harm: Callable[[Path], None], counts: Counts
) -> None:
    shutil.copytree(real, tmp_path / 'copy')
    harm(tmp_path / 'copy' / 'model')
    assert planned(tmp_path / 'copy', 'calc.py') == counts


@pytest.mark.parametrize(
    ('path', 'more', 'counts'),
    [
        ('moved', '', (3, 0, 0)),
        ('model', ", model_kwargs=dict(torch_dtype='bfloat16')", (0, 3, 3)),
        ('model', ", model_kwargs=dict(device_map='auto')", (3, 0, 0)),
        ('model', ', batch_size=1', (3, 0, 0)),
        ('model', ', tokenizer_kwargs=dict(use_fast=True)', (0, 3, 3)),
        ('model', ", mode='mid'", (0, 3, 3)),
        ('model', ', run_cfg=dict(num_gpus=1)', (3, 0, 0)),
    ],
)
def test_a_model_is_its_weights_and_not_its_place(
    real: Path, tmp_path: Path, path: str, more: str, counts: Counts
) -> None:
    shutil.copytree(real, tmp_path / 'copy')
    (tmp_path / 'copy' / 'model').rename(tmp_path / 'copy' / path)
    (tmp_path / 'copy' / 'calc.py').write_text(CALC.format(path=path, more=more))
    assert planned(tmp_path / 'copy', 'calc.py') == counts
