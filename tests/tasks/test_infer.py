from pathlib import Path
from typing import Any

import pytest

from evalkit.errors import ExitCode
from evalkit.store import is_done, read_json
from evalkit.tasks import Shard
from evalkit.tasks.answers import AnswerBook
from evalkit.tasks.plan import DatasetPlan, identity_of
from tests.tasks.runs import RIGHT, SUMS, Run, a_dataset, a_model, labelled, write_rows


def change_infer(run: Run, **infer_cfg: Any) -> None:
    run.datasets[0]['infer_cfg'] = {**run.datasets[0]['infer_cfg'], **infer_cfg}


def counts(run: Run) -> tuple[int, int, int]:
    """What the last task reused, found stale and asked."""
    progress = run.progress('infer')
    return (
        progress.num_reused,
        progress.num_stale,
        progress.num_done - progress.num_reused,
    )


def is_complete(run: Run, dataset: str = 'sums') -> bool:
    """Whether the manifest of the dataset is there and holds."""
    folder = run.predictions(dataset)
    return is_done(folder, {record.key for record in run.records(dataset)})


def test_every_sample_is_asked_and_stored(run: Run) -> None:
    assert run.do('infer') == ExitCode.COMPLETE
    records = run.records()
    assert [record.index for record in records] == [0, 1, 2, 3, 4, 5]
    assert [record.prompt for record in records] == [f'Q:{row["q"]}' for row in SUMS]
    assert [record.output for record in records] == [row['a'] for row in SUMS]
    assert [record.reference for record in records] == [row['a'] for row in SUMS]
    assert is_complete(run)


def test_the_progress_tells_how_far_the_task_is(run: Run) -> None:
    run.model['answers'] = {**RIGHT, '2+2': 'the number four'}
    run.model['error_on'] = '3+3'
    run.do('infer')
    progress = run.progress('infer')
    assert (progress.num_total, progress.num_done, progress.num_failed) == (6, 6, 1)
    assert progress.output_tokens == 7
    assert progress.ask_seconds == pytest.approx(sum(record.seconds for record in run.records()))
    assert progress.reason == 'sums: 1 samples failed (1 x bad_request)'


def test_the_engine_that_answered_is_written_down(run: Run) -> None:
    run.do('infer')
    engine = read_json(run.folder / 'predictions/scripted/engine.json')
    assert engine['engine'] == 'scripted'
    assert engine['load_seconds'] >= 0


def test_a_second_run_asks_nothing_and_loads_no_model(run: Run) -> None:
    run.do('infer')
    (run.folder / 'predictions/scripted/engine.json').unlink()
    assert run.do('infer') == ExitCode.COMPLETE
    assert counts(run) == (6, 0, 0)
    assert len(run.records()) == 6
    assert not (run.folder / 'predictions/scripted/engine.json').exists()


def test_an_interrupted_run_resumes_without_asking_again(run: Run) -> None:
    run.model['log_path'] = str(run.folder / 'asked')
    run.do('infer')
    [shard] = run.predictions().glob('*.jsonl')
    whole = shard.read_bytes()
    lines = whole.splitlines(keepends=True)
    shard.write_bytes(b''.join(lines[:4]) + lines[4][:30])
    assert run.do('infer') == ExitCode.COMPLETE
    assert counts(run) == (4, 0, 2)
    assert [record.index for record in run.records()] == [0, 1, 2, 3, 4, 5]
    assert len(run.asked()) == 8
    assert is_complete(run)


@pytest.mark.parametrize(
    'change',
    [
        {'inferencer': {'type': 'GenInferencer', 'max_out_len': 9}},
        {'inferencer': {'type': 'GenInferencer', 'max_out_len': 8, 'stopping_criteria': ['x']}},
        {'prompt_template': {'type': 'PromptTemplate', 'template': 'Q: {q}'}},
    ],
)
def test_a_changed_question_makes_answers_stale(run: Run, change: dict[str, Any]) -> None:
    run.do('infer')
    change_infer(run, **change)
    assert run.do('infer') == ExitCode.COMPLETE
    assert counts(run) == (0, 6, 6)
    assert len(run.records()) == 12


@pytest.mark.parametrize(
    'change',
    [
        {'answers': {'1+1': '2'}},
        {'generation_kwargs': {'temperature': 0.5}},
        {'stop_words': ['END']},
        {'path': 'another'},
    ],
)
def test_a_changed_model_makes_answers_stale(run: Run, change: dict[str, Any]) -> None:
    run.do('infer')
    run.model.update(change)
    assert run.do('infer') == ExitCode.COMPLETE
    assert counts(run) == (0, 6, 6)


@pytest.mark.parametrize('change', [{'delay': 0.001}, {'batch_size': 4}, {'run_cfg': {}}])
def test_what_cannot_change_an_answer_makes_none_stale(run: Run, change: dict[str, Any]) -> None:
    run.do('infer')
    run.model.update(change)
    run.do('infer')
    assert counts(run) == (6, 0, 0)


def test_a_changed_reference_or_scorer_asks_nothing(run: Run) -> None:
    run.do('infer')
    write_rows(run.folder / 'new.jsonl', [{**row, 'a': 'x'} for row in SUMS])
    run.datasets = [a_dataset(run.folder / 'new.jsonl', eval_cfg={'evaluator': {'type': 'own'}})]
    run.do('infer')
    assert counts(run) == (6, 0, 0)


def test_a_changed_row_is_asked_alone(run: Run) -> None:
    run.do('infer')
    rows = [*SUMS[:2], {'q': '9+9', 'a': '18'}, *SUMS[3:]]
    run.datasets = [a_dataset(write_rows(run.folder / 'new.jsonl', rows))]
    run.do('infer')
    assert counts(run) == (5, 1, 1)
    assert run.records()[-1].prompt == 'Q:9+9'


def test_an_error_never_satisfies_a_resumption(run: Run) -> None:
    run.model['error_on'] = '2+2'
    assert run.do('infer') == ExitCode.FAILED
    assert not is_complete(run)
    assert run.do('infer') == ExitCode.FAILED
    assert counts(run) == (5, 0, 1)
    del run.model['error_on']
    assert run.do('infer') == ExitCode.COMPLETE
    assert counts(run) == (5, 0, 1)
    statuses = [record.status for record in run.records() if record.index == 2]
    assert statuses == ['error', 'error', 'ok']
    assert is_complete(run)


def test_the_same_question_is_asked_once_a_dataset(run: Run) -> None:
    rows = [{'q': '1+1', 'a': '2'}, {'q': '2+2', 'a': '4'}, {'q': '1+1', 'a': 'II'}]
    path = write_rows(run.folder / 'own.jsonl', rows)
    run.datasets = [a_dataset(path, 'one'), a_dataset(path, 'other')]
    assert run.do('infer') == ExitCode.COMPLETE
    assert [record.index for record in run.records('one')] == [0, 1]
    assert [record.index for record in run.records('other')] == [0, 1]
    assert [record.key for record in run.records('one')] == [
        record.key for record in run.records('other')
    ]
    assert counts(run) == (0, 0, 4)
    assert run.do('evaluate') == ExitCode.COMPLETE
    assert run.result('one')['n'] == run.result('other')['n'] == 3


def test_repeats_are_asked_and_more_of_them_ask_the_rest(run: Run) -> None:
    run.datasets[0]['n'] = 2
    run.do('infer')
    places = [(record.index, record.repeat) for record in run.records()]
    assert places[:4] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    run.datasets[0]['n'] = 3
    run.do('infer')
    assert counts(run) == (12, 0, 6)


def test_shards_share_the_samples_and_the_last_one_declares_the_dataset_done(run: Run) -> None:
    for index in range(3):
        assert not is_complete(run)
        assert run.do('infer', shard=Shard(index, 3)) == ExitCode.COMPLETE
        assert counts(run) == (0, 0, 2)
    names = sorted(path.name for path in run.predictions().glob('*.jsonl'))
    assert names == ['0of3.jsonl', '1of3.jsonl', '2of3.jsonl']
    assert [record.index for record in run.records()] == [0, 3, 1, 4, 2, 5]
    assert is_complete(run)


def test_another_number_of_shards_asks_nothing_again(run: Run) -> None:
    run.do('infer', shard=Shard(0, 3))
    run.do('infer', shard=Shard(0, 2))
    assert counts(run) == (1, 0, 2)
    run.do('infer')
    assert counts(run) == (4, 0, 2)
    assert is_complete(run)
    run.do('evaluate')
    assert run.result()['metrics']['accuracy']['value'] == 100.0


def test_the_index_is_that_of_the_full_split_in_a_subset_and_a_shard(run: Run) -> None:
    run.datasets[0]['reader_cfg'] = {'output_column': 'a', 'test_range': '[1::2]'}
    run.do('infer', shard=Shard(1, 2))
    assert [record.index for record in run.records()] == [3]
    run.do('infer')
    assert [record.index for record in run.records()] == [3, 1, 5]


def test_a_longer_range_asks_the_new_samples_only(run: Run) -> None:
    run.datasets[0]['reader_cfg'] = {'output_column': 'a', 'limit': 2}
    run.do('infer')
    assert is_complete(run)
    run.datasets[0]['reader_cfg'] = {'output_column': 'a'}
    run.do('infer')
    assert counts(run) == (2, 0, 4)


def test_likelihoods_and_generations_go_to_one_model(run: Run) -> None:
    [sums] = run.datasets
    labels = [row['a'] for row in SUMS]
    run.datasets = [{**labelled(sums, labels), 'abbr': 'chosen'}, sums]
    assert run.do('infer') == ExitCode.COMPLETE
    assert run.outputs('chosen') == run.outputs('sums') == labels
    assert run.records('chosen')[1].extra['losses']['2'] == 0.5
    assert run.records('chosen')[1].extra['losses']['4'] == 5.0
    run.do('evaluate')
    assert (run.result('chosen')['mode'], run.result('sums')['mode']) == ('ppl', 'gen')


def test_labels_that_are_numbers_are_not_asked_again_by_another_process(run: Run) -> None:
    run.datasets = [labelled(run.datasets[0], [0, 2, 4, 6, 8, 10])]
    run.do('infer')
    code, log = run.do_in_process('infer')
    assert code == ExitCode.COMPLETE
    assert 'sums: reused 6, stale 0, new 0' in log


def test_a_model_that_gives_no_likelihoods_answers_the_rest(run: Run) -> None:
    [sums] = run.datasets
    run.model = {'type': 'tests.tasks.engines.TalkingModel', 'abbr': 'talking'}
    run.datasets = [{**labelled(sums, ['0']), 'abbr': 'chosen'}, sums]
    assert run.do('infer') == ExitCode.CONFIG
    assert run.outputs('sums') == ['ok'] * 6
    assert run.progress('infer').reason == (
        'TalkingModel cannot return log-probabilities of a prompt: '
        'use a Hugging Face, vLLM, SGLang or LMDeploy model for this dataset'
    )


def test_an_engine_may_answer_in_any_order(run: Run) -> None:
    run.model['type'] = 'tests.tasks.engines.EagerModel'
    assert run.do('infer') == ExitCode.COMPLETE
    assert [record.index for record in run.records()] == [5, 4, 3, 2, 1, 0]
    assert run.outputs() == ['10', '8', '6', '4', '2', '0']


def test_one_dataset_that_cannot_be_read_leaves_the_others(run: Run) -> None:
    run.datasets = [a_dataset(Path('nowhere.jsonl'), 'bad'), *run.datasets]
    assert run.do('infer') == ExitCode.FAILED
    assert len(run.records()) == 6
    assert run.progress('infer').reason.startswith('bad: there is no data at nowhere.jsonl')


def test_a_prompt_that_cannot_be_made_leaves_the_others(run: Run) -> None:
    retriever = {'type': 'FixKRetriever', 'fix_id_list': [99]}
    bad = {**run.datasets[0], 'abbr': 'bad'}
    bad['infer_cfg'] = {**bad['infer_cfg'], 'retriever': retriever}
    run.datasets = [bad, *run.datasets]
    assert run.do('infer') == ExitCode.FAILED
    assert len(run.records()) == 6
    assert run.progress('infer').reason == (
        'bad: fix_id_list names row 99, but the train split has 6 rows'
    )


def test_a_model_that_cannot_be_built_stops_the_task(run: Run) -> None:
    run.model['anwsers'] = {}
    assert run.do('infer') == ExitCode.CONFIG
    assert run.progress('infer').reason == (
        'anwsers: ScriptedModel has no such argument; did you mean answers?'
    )


def test_a_reference_that_json_cannot_hold_is_stored_as_its_text(run: Run) -> None:
    run.datasets[0].update(type='tests.tasks.benchmarks.OddDataset')
    del run.datasets[0]['path']
    assert run.do('infer') == ExitCode.COMPLETE
    assert [record.reference for record in run.records()] == ['0', "{'2'}"]


def test_a_dry_look_at_the_answers_writes_nothing(run: Run) -> None:
    run.do('infer')
    before = sorted(path for path in run.folder.rglob('*'))
    plan = DatasetPlan(run.datasets[0], run.model, identity_of(run.model))
    book = AnswerBook(plan, run.predictions(), Shard())
    assert book.describe() == 'sums: reused 6, stale 0, new 0'
    assert book.open_samples == []
    assert sorted(path for path in run.folder.rglob('*')) == before


def test_models_have_folders_of_their_own(run: Run) -> None:
    run.do('infer')
    run.model = a_model('other', answers=RIGHT)
    run.do('infer')
    assert counts(run) == (0, 0, 6)
    folders = sorted(path.name for path in (run.folder / 'predictions').iterdir())
    assert folders == ['other', 'scripted']
