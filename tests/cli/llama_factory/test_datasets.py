"""LLaMA-Factory's datasets from the command line, on the small model of the repository."""

import json
from pathlib import Path

from tests.datasets.llama_factory.registries import write_registry
from tests.runs import CALC_MODEL, evaluate


def test_a_dataset_of_llama_factory_needs_no_config(tmp_path: Path) -> None:
    done = evaluate(
        tmp_path, '--hf-path', CALC_MODEL, '--llamafactory-dataset', 'calculate', '--limit', '3'
    )
    assert done.returncode == 0, done.stderr
    [path] = tmp_path.glob('outputs/default/*/results/calc-llama-0.8m_hf/calculate.json')
    result = json.loads(path.read_text())
    assert list(result['metrics']) == ['bleu-4', 'rouge-1', 'rouge-2', 'rouge-l']
    assert result['n_ok'] == 3
    assert result['details'][0]['reference'] == '5'


def test_names_with_commas_are_rows_of_the_table_and_what_is_left_out_is_said(
    tmp_path: Path,
) -> None:
    turns = [{'from': 'human', 'value': 'q'}, {'from': 'gpt', 'value': 'a'}]
    rows = [{'conversations': turns}, {'conversations': turns[:1]}]
    entry = {'formatting': 'sharegpt', 'file_name': 'a.json'}
    folder = write_registry(
        tmp_path / 'mine',
        one={'file_name': 'a.json', **entry},
        two={'file_name': 'a.json', **entry},
    )
    (folder / 'a.json').write_text(json.dumps(rows))
    done = evaluate(
        tmp_path, '--hf-path', CALC_MODEL, '--llamafactory-dataset', 'one,two',
        '--dataset-dir', folder, '--dry-run',
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for name in ('one', 'two'):
        assert f'{name}: 1 rows are left out, as by LLaMA-Factory (it ends without' in done.stderr
        assert f'--- first prompt of {name}' in done.stdout


def test_a_misspelt_dataset_is_named_before_anything_is_loaded(tmp_path: Path) -> None:
    done = evaluate(
        tmp_path, '--hf-path', CALC_MODEL, '--llamafactory-dataset', 'calculat', '--dry-run'
    )
    assert done.returncode != 0
    assert "has no dataset 'calculat'; did you mean calculate?" in done.stderr + done.stdout
