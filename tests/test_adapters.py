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


def test_a_server_is_asked_for_no_adapter_in_silence(tmp_path: Path) -> None:
    done = evaluate(
        tmp_path, '--models', 'hf_calc_llama_adapters', '--datasets', 'calc_gen',
        '-a', 'openai', '--api-base', 'http://127.0.0.1:9/v1', '--api-model', 'x', '--dry-run',
    )  # fmt: skip
    assert done.returncode == 2
    assert 'adapters: a server answers for each under a name of its own' in done.stderr
