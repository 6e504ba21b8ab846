"""Models of one `summarizer_abbr` share a column; all else tells of each model by its own abbr."""

from pathlib import Path
from typing import Any

import pytest

from tests.runs import dataset, evaluate, model, run_folder, scores, write_config, write_words
from tests.runs import summary as saved_summary
from tests.summarizers.results import TIMING, a_result, lines, summarize, written, written_json

RESULTS: dict[tuple[str, str], Any] = {
    ('calc', 'llama-short'): a_result(40.0),
    ('calc', 'qwen'): a_result(50.0),
    ('essay', 'llama-long'): a_result(20.0, truncated=1),
    ('essay', 'qwen'): {'error': 'out of memory'},
    ('proof', 'llama-long'): {'error': 'no such file'},
}
NAMED = {'llama-short': 'Llama', 'llama-long': 'Llama'}


def test_results_of_several_models_stand_in_one_column(tmp_path: Path) -> None:
    summary = summarize(tmp_path, RESULTS, NAMED)
    assert summary.columns == {'Llama': ['llama-short', 'llama-long'], 'qwen': ['qwen']}
    assert lines(tmp_path) == [
        ['calc', 'abc123', 'accuracy', 'gen', '40.00', '50.00'],
        ['essay', 'abc123', 'accuracy', 'gen', '20.00', 'FAILED (out of memory)'],
        ['proof', '-', '-', '-', 'FAILED (no such file)', '-'],
    ]
    assert written(tmp_path, 'csv').splitlines() == [
        'dataset,version,metric,mode,Llama,qwen',
        'calc,abc123,accuracy,gen,40.0000,50.0000',
        'essay,abc123,accuracy,gen,20.0000,',
        'proof,-,-,-,,',
    ]


def test_answers_and_what_failed_are_told_by_the_abbr_of_the_model(tmp_path: Path) -> None:
    summary = summarize(tmp_path, RESULTS, NAMED)
    assert list(summary.errors) == [('essay', 'qwen'), ('proof', 'llama-long')]
    scored, answers, told = written(tmp_path, 'txt').split('\n\n')
    assert scored.splitlines()[0].split() == [
        'dataset', 'version', 'metric', 'mode', 'Llama', 'qwen',
    ]  # fmt: skip
    assert [line.split()[:2] for line in answers.splitlines()[2:]] == [
        ['llama-short', 'calc'],
        ['llama-long', 'essay'],
        ['qwen', 'calc'],
    ]
    assert told.splitlines() == [
        'FAILED qwen on essay: out of memory',
        'FAILED llama-long on proof: no such file',
        'llama-long on essay: 1 of 10 answers were cut at max_out_len',
    ]


def test_the_json_says_which_models_a_column_has(tmp_path: Path) -> None:
    summarize(tmp_path, RESULTS, NAMED)
    found = written_json(tmp_path)
    assert found['columns'] == {'Llama': ['llama-short', 'llama-long'], 'qwen': ['qwen']}
    assert [list(row['values']) for row in found['rows']] == [['Llama', 'qwen']] * 3
    assert found['timing'] == {
        'llama-short': {'calc': TIMING},
        'llama-long': {'essay': TIMING},
        'qwen': {'calc': TIMING},
    }


def test_a_group_has_the_subsets_of_all_models_of_a_column(tmp_path: Path) -> None:
    group = {'name': 'both', 'subsets': ['calc', 'essay']}
    summarize(tmp_path, RESULTS, NAMED, summary_groups=[group], dataset_abbrs=['both'])
    assert lines(tmp_path) == [
        ['both', '-', 'naive_average', 'gen', '30.00 [2/2]', '50.00 [1/2]'],
    ]


def test_a_single_model_may_have_another_name_in_the_table(tmp_path: Path) -> None:
    summarize(tmp_path, {('calc', 'm'): a_result(40.0)}, {'m': 'My model'})
    assert written(tmp_path, 'csv').splitlines()[0] == 'dataset,version,metric,mode,My model'
    assert written_json(tmp_path)['columns'] == {'My model': ['m']}


SHORT, LONG = (
    model(abbr, summarizer_abbr='Scripted', max_out_len=number)
    for abbr, number in (('short', 4), ('long', 64))
)
WORDS, MORE = dataset(), dataset('more')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_words(tmp_path, 4)
    return tmp_path


def test_a_model_with_two_lengths_is_one_column_of_a_run(folder: Path) -> None:
    combinations = [
        {'models': [SHORT, model('other')], 'datasets': [WORDS]},
        {'models': [LONG], 'datasets': [MORE]},
    ]
    models = [SHORT, LONG, model('other')]
    write_config(folder, models, [WORDS, MORE], model_dataset_combinations=combinations)
    done = evaluate(folder, 'words.py')
    assert done.returncode == 0, done.stderr
    run = run_folder(folder)
    assert scores(run) == {
        ('words', 'Scripted'): 100.0,
        ('words', 'other'): 100.0,
        ('more', 'Scripted'): 100.0,
        ('more', 'other'): None,
    }
    assert list(saved_summary(run)['timing']) == ['short', 'long', 'other']
    shown = [line.split() for line in done.stdout.splitlines()]
    assert ['dataset', 'version', 'metric', 'mode', 'Scripted', 'other'] in shown


def test_a_result_that_another_would_hide_is_refused_before_anything_is_run(folder: Path) -> None:
    write_config(folder, [SHORT, LONG], [WORDS])
    done = evaluate(folder, 'words.py')
    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert line.endswith(
        "summarizer_abbr: short and long share the column 'Scripted' of the table, and both are"
        ' asked words: give each a summarizer_abbr of its own, or datasets of its own by'
        ' model_dataset_combinations'
    )
    assert not (folder / 'outputs').exists()
