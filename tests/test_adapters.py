"""A base model next to its adapters, through `run.py`."""

import json
from pathlib import Path

from tests.runs import evaluate

MODELS = ('calc-llama-0.8m-hf', 'calc-llama-0.8m-bare-hf', 'calc-llama-0.8m-negated-hf')


def test_adapters_are_columns_next_to_the_base_and_are_loaded_once(tmp_path: Path) -> None:
    flags = ('--models', 'hf_calc_llama_adapters', '--datasets', 'calc_gen', '--limit', '4')
    done = evaluate(tmp_path, *flags)
    assert done.returncode == 0, done.stderr
    [run] = tmp_path.glob('outputs/default/*')
    [row] = json.loads((run / 'summary' / 'summary.json').read_text())['rows']
    assert [row['values'][model]['value'] for model in MODELS] == [100.0, 100.0, 0.0]
    assert len([*run.glob('logs/infer/*/*.log')]) == 1
    again = evaluate(tmp_path, *flags, '-r', 'latest')
    assert again.returncode == 0, again.stderr
    for model in MODELS:
        [stored] = run.glob(f'predictions/{model}/calc/*.jsonl')
        assert len(stored.read_text().splitlines()) == 4


def test_a_dry_run_tells_of_each_adapter(tmp_path: Path) -> None:
    done = evaluate(
        tmp_path, '--models', 'hf_calc_llama_adapters', '--datasets', 'calc_gen', '--dry-run'
    )
    assert done.returncode == 0, done.stderr
    for model in MODELS:
        assert f'calc-llama-0.8m-hf+2/calc ({model})' in done.stdout


SHIPPED = ('--models', 'hf_calc_llama_adapters', '--datasets', 'calc_gen', '--dry-run')
CLIENT = (*SHIPPED, '-a', 'openai', '--api-base', 'http://127.0.0.1:9/v1')


def test_a_server_is_asked_for_no_adapter_in_silence(tmp_path: Path) -> None:
    unnamed = evaluate(tmp_path, *CLIENT)
    assert unnamed.returncode == 2
    assert 'adapters: a server answers for each under a name of its own' in unnamed.stderr
    all_by_one_name = evaluate(tmp_path, *CLIENT, '--api-model', 'x')
    assert all_by_one_name.returncode == 2
    assert f'the config has 3: {", ".join(MODELS)}; choose one with --abbr' in (
        all_by_one_name.stderr
    )


def test_one_adapter_is_chosen_by_its_abbr_and_asked_of_a_server_by_its_name(
    tmp_path: Path,
) -> None:
    done = evaluate(tmp_path, *CLIENT, '--abbr', MODELS[1], '--api-model', 'x')
    assert done.returncode == 0, done.stderr
    assert 'calc-llama-0.8m-bare-openai/calc' in done.stdout
    assert 'negated-openai' not in done.stdout


def test_an_abbr_that_no_model_has_is_one_line_with_the_nearest(tmp_path: Path) -> None:
    done = evaluate(tmp_path, *SHIPPED, '--abbr', 'calc-llama-0.8m-bar-hf')
    assert done.returncode == 2
    assert f'--abbr calc-llama-0.8m-bar-hf: there is no such model; did you mean {MODELS[1]}?' in (
        done.stderr
    )
