"""Whole evaluations through `run.py`: stages, resuming, sweeps, and what they leave behind."""

import csv
import json
from pathlib import Path

import pytest

from tests.runs import (
    ROOT,
    acknowledged,
    asked,
    asked_twice,
    dataset,
    evaluate,
    model,
    records,
    reuse_lines,
    run_folder,
    scores,
    summary,
    values,
    write_config,
    write_words,
)

WRONG = {'Say word1.': 'no', 'Say word2.': 'no', 'Say word3.': '', 'Say word4.': ''}


def test_a_run_ends_in_a_table_and_in_four_files(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, [model(answers=WRONG)])
    done = evaluate(tmp_path, 'words.py')
    run = run_folder(tmp_path)
    assert done.returncode == 0, done.stderr
    assert '60.00 ± 16.33' in done.stdout
    assert '10/10  2 empty' in done.stdout
    assert '60.00 ± 16.33' in (run / 'summary' / 'summary.txt').read_text()
    assert '| 60.00 ± 16.33 |' in (run / 'summary' / 'summary.md').read_text()
    [header, row] = csv.reader((run / 'summary' / 'summary.csv').read_text().splitlines())
    assert header == ['dataset', 'version', 'metric', 'mode', 'scripted']
    version = row.pop(1)
    assert row == ['words', 'accuracy', 'gen', '60.0000']
    found = summary(run)
    seconds = found['timing']['scripted']['words'].pop('infer_seconds')
    assert 0 <= seconds < 5
    cell = found['rows'][0]['values']['scripted']
    assert cell.pop('stderr') == pytest.approx(16.329932)
    assert found == {
        'rows': [
            {
                'dataset': 'words',
                'version': version,
                'metric': 'accuracy',
                'mode': 'gen',
                'values': {
                    'scripted': {
                        'value': 60.0,
                        'n': 10,
                        'n_ok': 10,
                        'truncated': 0,
                        'empty': 2,
                        'filtered': 0,
                        'failed': 0,
                    }
                },
            }
        ],
        'timing': {'scripted': {'words': {'prompt_tokens': 30, 'output_tokens': 8}}},
    }


def test_stages_run_one_by_one_and_only_the_first_asks(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    infer = evaluate(tmp_path, 'words.py', '-m', 'infer')
    run = run_folder(tmp_path)
    assert infer.returncode == 0, infer.stderr
    assert 'accuracy' not in infer.stdout
    assert not (run / 'results').exists()
    score = evaluate(tmp_path, 'words.py', '-m', 'eval', '-r')
    assert score.returncode == 0, score.stderr
    assert '100.00' in score.stdout
    for path in (run / 'summary').iterdir():
        path.unlink()
    show = evaluate(tmp_path, 'words.py', '-m', 'viz', '-r')
    assert show.returncode == 0, show.stderr
    assert '100.00' in show.stdout
    assert len(list((run / 'summary').iterdir())) == 4
    assert len(asked(tmp_path)) == 10
    assert run_folder(tmp_path) == run


def test_a_scorer_that_changed_scores_again_and_asks_nothing(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    evaluate(tmp_path, 'words.py')
    (tmp_path / 'own.py').write_text('def shout(text: str) -> str:\n    return text.upper()\n')
    eval_cfg = {**dataset()['eval_cfg'], 'pred_postprocessor': {'type': 'own.shout'}}
    write_config(tmp_path, datasets=[dataset(eval_cfg=eval_cfg)])
    done = evaluate(tmp_path, 'words.py', '-m', 'eval', '-r')
    assert done.returncode == 0, done.stderr
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 0.0}
    assert len(asked(tmp_path)) == 10


def test_a_named_run_is_resumed_and_an_unknown_one_names_the_last_ones(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    for limit in (2, 3):
        evaluate(tmp_path, 'words.py', '--limit', limit)
    first, second = sorted((tmp_path / 'outputs' / 'words').iterdir())
    assert evaluate(tmp_path, 'words.py', '-r', first.name).returncode == 0
    assert (len(acknowledged(first)), len(acknowledged(second))) == (10, 3)
    done = evaluate(tmp_path, 'words.py', '-r', 'never')
    assert done.returncode == 2
    assert f"holds no run 'never'; The last runs are: {second.name}" in done.stderr
    done = evaluate(tmp_path, 'words.py', '-r', '-w', 'nothing')
    assert done.returncode == 2
    assert 'nothing holds no runs; leave out -r and -m to begin one' in done.stderr


def test_a_finished_run_is_shown_again_without_asking(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    first = evaluate(tmp_path, 'words.py')
    again = evaluate(tmp_path, 'words.py', '-r')
    assert first.stdout == again.stdout
    assert reuse_lines(run_folder(tmp_path)) == ['reused 10, stale 0, new 0']
    assert len(asked(tmp_path)) == 10


def test_the_limit_takes_the_first_samples(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path)
    assert evaluate(tmp_path, 'words.py', '--limit', 3).returncode == 0
    assert [record['output'] for record in records(run_folder(tmp_path))] == [
        'word0',
        'word1',
        'word2',
    ]


def test_debug_runs_everything_in_one_process(tmp_path: Path) -> None:
    (tmp_path / 'witness.py').write_text(
        'import os\n'
        'def tell(text: str) -> str:\n'
        '    print("scored by", os.getpid(), "below", os.getppid())\n'
        '    return text\n'
    )
    write_words(tmp_path, 1)
    eval_cfg = {**dataset()['eval_cfg'], 'pred_postprocessor': {'type': 'witness.tell'}}
    write_config(tmp_path, datasets=[dataset(eval_cfg=eval_cfg)])
    done = evaluate(tmp_path, 'words.py', '--debug')
    assert done.returncode == 0, done.stderr
    assert 'scored by' in done.stdout
    assert 'reused 0, stale 0, new 1' in done.stderr
    assert scores(run_folder(tmp_path)) == {('words', 'scripted'): 100.0}
    done = evaluate(tmp_path, 'words.py')
    assert 'scored by' not in done.stdout


def test_a_bad_dataset_leaves_the_others_running(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, datasets=[dataset('missing', 'no.jsonl'), dataset()])
    done = evaluate(tmp_path, 'words.py')
    run = run_folder(tmp_path)
    assert done.returncode == 3
    assert scores(run) == {('missing', 'scripted'): None, ('words', 'scripted'): 100.0}
    assert values(run)['missing', 'scripted']['error'].startswith('there is no data at no.jsonl')
    assert 'FAILED (there is no data at no.jsonl' in done.stdout
    assert 'FAILED scripted on missing: there is no data at no.jsonl; looked at' in done.stdout


def test_a_bad_model_leaves_the_others_running(tmp_path: Path) -> None:
    write_words(tmp_path)
    folder = tmp_path / 'no_model'
    folder.mkdir()  # without weights
    bad = {
        'type': 'evalkit.models.HuggingFaceBaseModel',
        'abbr': 'bad',
        'path': str(folder),
    }
    write_config(tmp_path, [bad, model()])
    done = evaluate(tmp_path, 'words.py', '--retry', 0)
    run = run_folder(tmp_path)
    assert done.returncode == 3
    assert scores(run) == {('words', 'bad'): None, ('words', 'scripted'): 100.0}
    assert 'no_model' in values(run)['words', 'bad']['error']
    assert 'FAILED bad on words: ' in done.stdout


def test_failed_samples_are_counted_and_never_scored(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, [model(error_on='word7')])
    done = evaluate(tmp_path, 'words.py')
    run = run_folder(tmp_path)
    assert done.returncode == 3
    cell = values(run)['words', 'scripted']
    assert (cell['value'], cell['n'], cell['n_ok'], cell['failed']) == (100.0, 10, 9, 1)
    assert '100.00 ± 0.00 (9/10)' in done.stdout
    assert 'scripted on words: 1 of 10 samples failed and are not in the score' in done.stdout
    again = evaluate(tmp_path, 'words.py', '-r')
    assert again.returncode == 3
    assert reuse_lines(run) == ['reused 9, stale 0, new 1']
    [failed] = asked_twice(tmp_path)
    write_config(tmp_path)  # the fault is gone; harm is no part of the model's identity
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert asked(tmp_path).count(failed) == 3
    assert len(asked(tmp_path)) == 12


def test_an_engine_that_dies_leaves_an_incomplete_run_that_goes_on(tmp_path: Path) -> None:
    write_words(tmp_path)
    write_config(tmp_path, [model(engine_error_on='word7')])
    done = evaluate(tmp_path, 'words.py', '--retry', 0)
    run = run_folder(tmp_path)
    assert done.returncode == 4
    command = f'python {ROOT}/run.py words.py --retry 0 -r {run.name}'
    assert f'incomplete. To go on:\n  {command}\n' in done.stdout
    assert "the scripted engine died of 'word7'" in values(run)['words', 'scripted']['error']
    assert len(acknowledged(run)) == 7
    write_config(tmp_path)
    assert evaluate(tmp_path, 'words.py', '-r').returncode == 0
    assert len(asked(tmp_path)) == 11
    assert scores(run) == {('words', 'scripted'): 100.0}


def test_combinations_say_who_is_asked_what(tmp_path: Path) -> None:
    for name in ('a', 'b'):
        write_words(tmp_path, 3, f'{name}.jsonl')
    datasets = [dataset('a', 'a.jsonl'), dataset('b', 'b.jsonl')]
    models = [model('one'), model('two')]
    combinations = [
        {'models': [models[0]], 'datasets': datasets},
        {'models': ['two'], 'datasets': ['b']},
    ]
    write_config(tmp_path, models, datasets, model_dataset_combinations=combinations)
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    run = run_folder(tmp_path)
    assert scores(run) == {
        ('a', 'one'): 100.0,
        ('a', 'two'): None,
        ('b', 'one'): 100.0,
        ('b', 'two'): 100.0,
    }
    assert 'error' not in values(run)['a', 'two']
    assert len(asked(tmp_path)) == 9
    again = evaluate(tmp_path, 'words.py', '--limit', 2)
    assert again.returncode == 0, again.stderr
    assert len(asked(tmp_path)) == 15


@pytest.mark.parametrize(
    ('partitioner', 'logs'),
    [
        ({'type': 'NaivePartitioner'}, ['a+1']),
        ({'type': 'NaivePartitioner', 'n': 1}, ['a', 'b']),
        (
            {'type': 'NumWorkerPartitioner', 'num_worker': 3, 'min_task_size': 1},
            ['a+1_0of3', 'a+1_1of3', 'a+1_2of3'],
        ),
        ({'type': 'SizePartitioner', 'max_task_size': 60, 'gen_task_coef': 20},
         ['a_0of2', 'a_1of2', 'b']),
    ],
)  # fmt: skip
def test_partitioners_cut_the_work_and_change_no_score(
    tmp_path: Path, partitioner: dict[str, object], logs: list[str]
) -> None:
    write_words(tmp_path, 5, 'a.jsonl')
    write_words(tmp_path, 2, 'b.jsonl')
    datasets = [dataset('a', 'a.jsonl'), dataset('b', 'b.jsonl')]
    write_config(tmp_path, [model(answers=WRONG)], datasets, infer={'partitioner': partitioner})
    done = evaluate(tmp_path, 'words.py')
    assert done.returncode == 0, done.stderr
    run = run_folder(tmp_path)
    assert sorted(log.stem for log in run.glob('logs/infer/scripted/*.log')) == logs
    assert scores(run) == {('a', 'scripted'): 20.0, ('b', 'scripted'): 50.0}
    assert len(asked(tmp_path)) == 7
    assert not asked_twice(tmp_path)


def test_repeats_are_asked_apart_and_counted_together(tmp_path: Path) -> None:
    write_words(tmp_path, 4)
    write_config(tmp_path, datasets=[dataset(n=3)])
    assert evaluate(tmp_path, 'words.py').returncode == 0
    assert values(run_folder(tmp_path))['words', 'scripted']['n'] == 12
    assert len(set(asked(tmp_path))) == 12


def test_details_are_kept_or_left_out(tmp_path: Path) -> None:
    write_words(tmp_path, 2)
    write_config(tmp_path)
    evaluate(tmp_path, 'words.py')
    path = run_folder(tmp_path) / 'results' / 'scripted' / 'words.json'
    details = json.loads(path.read_text())['details']
    assert [(row['prompt'], row['output'], row['reference']) for row in details] == [
        ('words: Say word0.', 'word0', 'word0'),
        ('words: Say word1.', 'word1', 'word1'),
    ]
    evaluate(tmp_path, 'words.py', '-r', '--dump-eval-details', 'false')
    assert 'details' not in json.loads(path.read_text())
