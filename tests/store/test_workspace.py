from datetime import datetime
from pathlib import Path

import pytest

from evalkit.errors import ConfigError
from evalkit.store import Workspace, find_run, new_run, safe_name

NOW = datetime(2024, 1, 2, 3, 4, 5)


def test_artefacts_live_under_the_run() -> None:
    workspace = Workspace(Path('outputs/demo/20240102_030405'))
    root = workspace.root
    assert workspace.configs == root / 'configs'
    assert workspace.logs == root / 'logs'
    assert workspace.summary == root / 'summary'
    assert workspace.predictions('calc-hf', 'gsm8k') == root / 'predictions/calc-hf/gsm8k'
    assert workspace.engine('calc-hf') == root / 'predictions/calc-hf/engine.json'
    assert workspace.results('calc-hf', 'gsm8k') == root / 'results/calc-hf/gsm8k.json'
    assert (
        workspace.log('infer', 'calc-hf/gsm8k_0of2') == root / 'logs/infer/calc-hf/gsm8k_0of2.log'
    )


def test_no_abbreviation_leads_out_of_the_run() -> None:
    workspace = Workspace(Path('run'))
    hostile = '../../../etc/passwd'
    assert workspace.predictions(hostile, hostile).parts[:2] == ('run', 'predictions')
    assert len(workspace.predictions(hostile, hostile).parts) == 4
    assert workspace.results('a/b', 'c').parts == ('run', 'results', safe_name('a/b'), 'c.json')
    assert '..' not in workspace.log('infer', hostile).parts
    assert workspace.log('infer', '/etc/passwd').parts[:3] == ('run', 'logs', 'infer')


def test_a_run_is_named_after_its_start(tmp_path: Path) -> None:
    workspace = new_run(tmp_path / 'outputs', NOW)
    assert workspace.root == tmp_path / 'outputs' / '20240102_030405'
    assert workspace.root.is_dir()


def test_runs_of_one_second_are_told_apart_and_the_last_is_the_latest(tmp_path: Path) -> None:
    roots = [new_run(tmp_path, NOW).root for _ in range(12)]
    assert [root.name for root in roots[:3]] == [
        '20240102_030405',
        '20240102_030405_1',
        '20240102_030405_2',
    ]
    assert len(set(roots)) == 12
    assert find_run(tmp_path, 'latest') == Workspace(roots[11])
    later = new_run(tmp_path, datetime(2024, 1, 2, 3, 4, 6))
    assert find_run(tmp_path) == later


def test_a_run_is_found_by_its_name(tmp_path: Path) -> None:
    first = new_run(tmp_path, NOW)
    new_run(tmp_path, NOW)
    assert find_run(tmp_path, '20240102_030405') == first


def test_a_misspelt_run_gets_the_nearest_and_the_last_ones(tmp_path: Path) -> None:
    for day in range(1, 9):
        new_run(tmp_path, datetime(2024, 1, day))
    with pytest.raises(ConfigError) as caught:
        find_run(tmp_path, '20240102_00000')
    assert str(caught.value) == (
        f"{tmp_path} holds no run '20240102_00000'; did you mean 20240102_000000? "
        f'The last runs are: 20240108_000000, 20240107_000000, 20240106_000000, '
        f'20240105_000000, 20240104_000000'
    )


@pytest.mark.parametrize('name', ['..', '.', '', 'notes', '/'])
def test_only_a_run_is_a_run(name: str, tmp_path: Path) -> None:
    new_run(tmp_path, NOW)
    (tmp_path / 'notes').mkdir()
    (tmp_path / '20250101_000000').write_text('a file')
    assert find_run(tmp_path).root.name == '20240102_030405'
    with pytest.raises(ConfigError, match='holds no run'):
        find_run(tmp_path, name)


def test_without_runs_there_is_nothing_to_resume(tmp_path: Path) -> None:
    for work_dir in [tmp_path, tmp_path / 'none']:
        with pytest.raises(ConfigError, match='holds no runs; leave out -r and -m to begin one'):
            find_run(work_dir)
