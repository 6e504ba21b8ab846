"""`-m eval --from-opencompass`: a table from the prediction files of OpenCompass."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.exports.test_opencompass import CONFIG
from tests.runs import evaluate

RUN = 'theirs/20240101_120000'

SUMS = [{'q': '1+1', 'a': '2'}, {'q': '2+2', 'a': '4'}]


def record(prediction: Any, gold: Any, **more: Any) -> dict[str, Any]:
    prompt = [{'role': 'HUMAN', 'prompt': 'as it was asked there'}]
    return {'origin_prompt': prompt, 'prediction': prediction, 'gold': gold, **more}


WRITTEN = [record('2', '2'), record('4', '4'), record('2', '2'), record('5', '4')]
CHOSEN = [
    record('2', '2', **{'label: 2': {'PPL': 0.5}, 'label: 4': {'PPL': 0.7}}),
    record('2', '4', **{'label: 2': {'PPL': 0.1}, 'label: 4': {'PPL': 0.7}}),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / 'eval.py').write_text(CONFIG)
    (tmp_path / 'sums.jsonl').write_text(''.join(json.dumps(row) + '\n' for row in SUMS))
    leave(tmp_path, 'chat/written', WRITTEN)
    leave(tmp_path, 'base/chosen', CHOSEN)
    return tmp_path


def leave(folder: Path, place: str, records: Sequence[Mapping[str, Any]]) -> None:
    """Write a prediction file as OpenCompass does."""
    path = folder / RUN / 'predictions' / f'{place}.json'
    path.parent.mkdir(parents=True, exist_ok=True)
    numbered = {str(number): each for number, each in enumerate(records)}
    path.write_text(json.dumps(numbered, indent=4, ensure_ascii=False))


def rescore(folder: Path, given: str = RUN, *flags: str) -> CompletedProcess[str]:
    return evaluate(folder, 'eval.py', '-m', 'eval', '--from-opencompass', given, *flags)


def values(folder: Path) -> dict[str, Any]:
    [path] = folder.glob('outputs/eval/*/summary/summary.json')
    rows = json.loads(path.read_text())['rows']
    return {
        row['dataset']: cell.get('value')
        for row in rows
        for cell in row['values'].values()
        if row['metric'] == 'accuracy' and cell.get('value') is not None
    }


def test_files_of_theirs_end_in_a_table(folder: Path) -> None:
    done = rescore(folder)
    assert done.returncode == 0, done.stderr
    assert 'written of chat: 4 answers\n' in done.stdout
    assert values(folder) == {'written': 75.0, 'chosen': 50.0}
    [path] = folder.glob('outputs/eval/*/results/chat/written.json')
    detail = json.loads(path.read_text())['details'][0]
    assert detail['prompt'] == WRITTEN[0]['origin_prompt']


def test_what_was_exported_scores_the_same(folder: Path) -> None:
    evaluate(folder, 'eval.py', '-w', 'ours', '--export', 'opencompass')
    [run] = folder.glob('ours/*')
    before = json.loads((run / 'summary' / 'summary.json').read_text())['rows']
    assert rescore(folder, str(run / 'exports' / 'opencompass')).returncode == 0
    [after] = folder.glob('outputs/eval/*/summary/summary.json')
    assert json.loads(after.read_text())['rows'] == before


def test_parts_of_a_dataset_are_put_together(folder: Path) -> None:
    (folder / RUN / 'predictions' / 'chat' / 'written.json').unlink()
    leave(folder, 'chat/written_0', WRITTEN[:3])
    leave(folder, 'chat/written_1', WRITTEN[3:])
    assert rescore(folder, f'{RUN}/predictions').returncode == 0
    assert values(folder)['written'] == 75.0


def test_answers_that_are_missing_are_no_wrong_answers(folder: Path) -> None:
    leave(folder, 'chat/written', WRITTEN[:3])
    (folder / RUN / 'predictions' / 'base' / 'chosen.json').unlink()
    done = rescore(folder)
    assert done.returncode == 4
    assert '1 of 4 samples have no answer' in done.stdout
    assert 'chosen of base: not imported: there is no' in done.stdout


def test_answers_to_other_samples_are_refused(folder: Path) -> None:
    leave(folder, 'base/chosen', [*CHOSEN[:1], record('4', 'four')])
    done = rescore(folder)
    assert '1 of 2 references differ from those that stand with the answers' in done.stdout
    assert 'chosen' not in values(folder)


def test_references_of_another_form_are_told(folder: Path) -> None:
    leave(folder, 'base/chosen', [record('2', {'two': 2}), record('2', {'four': 4})])
    done = rescore(folder)
    assert 'chosen of base: 2 answers (no reference to compare with' in done.stdout
    assert values(folder)['chosen'] == 50.0


@pytest.mark.parametrize(
    ('given', 'error'),
    [
        ('nowhere', 'nowhere: there is no such folder'),
        ('theirs', 'theirs holds whole runs: give one, such as theirs/20240101_120000'),
    ],
)
def test_a_folder_that_is_no_run_is_an_error(folder: Path, given: str, error: str) -> None:
    done = rescore(folder, given)
    assert done.returncode == 2
    assert error in done.stderr


def test_nothing_is_asked_for_what_is_missing(folder: Path) -> None:
    done = evaluate(folder, 'eval.py', '--from-opencompass', RUN)
    assert done.returncode == 2
    assert 'give -m eval with it' in done.stderr
