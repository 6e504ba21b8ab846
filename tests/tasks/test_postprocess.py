"""Postprocessors run where they can be killed: harm costs the answer that did it, and no other."""

import time
from pathlib import Path

import pytest

from tests.tasks.runs import Run, a_dataset, a_model, write_rows

HARM = 'tests.tasks.functions.harm'

OUTPUTS = ['fine', 'hang', 'good', 'kill', 'memory', 'unsendable', 'hang', 'right']

ERRORS = {
    'hang': 'postprocessor: timeout after 5 s',
    'kill': 'postprocessor: its process died of SIGKILL',
    'memory': 'postprocessor: MemoryError',
    'unsendable': 'postprocessor: what became of it cannot be sent',
}


def a_run(folder: Path, outputs: list[str], **eval_cfg: object) -> Run:
    """A model that answers each question with one of these, which is right."""
    rows = [{'q': f'{number}?', 'a': output} for number, output in enumerate(outputs)]
    dataset = a_dataset(write_rows(folder / 'rows.jsonl', rows))
    dataset['eval_cfg'] = {**dataset['eval_cfg'], **eval_cfg}
    answers = {row['q']: row['a'] for row in rows}
    return Run(folder, a_model(answers=answers), [dataset])


def test_a_postprocessor_that_hangs_or_dies_costs_its_own_answer_only(tmp_path: Path) -> None:
    run = a_run(tmp_path, OUTPUTS, pred_postprocessor={'type': HARM})
    began = time.monotonic()
    assert (run.do('infer'), run.do('evaluate')) == (0, 0)
    assert time.monotonic() - began < 60
    result = run.result()
    assert (result['n'], result['n_ok'], result['failed']) == (8, 3, 5)
    assert result['metrics']['accuracy']['value'] == 100
    for detail, output in zip(result['details'], OUTPUTS, strict=True):
        assert detail.get('error', '').startswith(ERRORS.get(output, ''))
        assert ('error' in detail) == (output in ERRORS)


def test_the_postprocessor_of_a_reference_can_be_killed_too(tmp_path: Path) -> None:
    run = a_run(tmp_path, ['fine', 'kill'], dataset_postprocessor={'type': HARM})
    assert (run.do('infer'), run.do('evaluate')) == (0, 0)
    assert run.result()['details'][1]['error'] == 'reference: its process died of SIGKILL'


def test_all_answers_of_many_datasets_are_processed_in_few_processes(tmp_path: Path) -> None:
    run = a_run(tmp_path, [str(number) for number in range(600)])
    [dataset] = run.datasets
    pid = {'type': 'tests.tasks.functions.process_id'}
    run.datasets = [
        {**dataset, 'abbr': abbr, 'eval_cfg': {**dataset['eval_cfg'], 'pred_postprocessor': pid}}
        for abbr in ('first', 'second', 'third')
    ]
    assert (run.do('infer'), run.do('evaluate')) == (0, 0)
    pids = {
        detail['answer'] for abbr in ('first', 'second') for detail in run.result(abbr)['details']
    }
    assert 1 <= len(pids) <= 2


@pytest.mark.parametrize('kind', ['pred_postprocessor', 'dataset_postprocessor'])
def test_a_postprocessor_that_misses_a_package_fails_the_dataset(tmp_path: Path, kind: str) -> None:
    missing = {'type': 'tests.tasks.functions.missing_package'}
    run = a_run(tmp_path, ['1', '2'], **{kind: missing})
    assert (run.do('infer'), run.do('evaluate')) == (0, 3)
    assert run.result()['error'] == 'a package is missing'
