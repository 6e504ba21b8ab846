"""The script for machines with a GPU runs, on a tiny model."""

import json
import resource
import subprocess
import sys
from pathlib import Path

from benchmarks.engine_runs import Side
from benchmarks.gpu.engines import row
from tests.runs import ROOT, environment

FEW_BYTES = 20_000
"""Enough for a model's config.json, and not for its weights."""


def run_module(
    name: str, *arguments: object, max_bytes: int = resource.RLIM_INFINITY
) -> subprocess.CompletedProcess[str]:
    """Run a script, which cannot write files of more than `max_bytes`."""
    limit = f'import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({max_bytes}, -1))'
    source = f'import runpy; {limit}; runpy.run_module({name!r}, run_name="__main__")'
    return subprocess.run(
        [sys.executable, '-c', source, *map(str, arguments)],
        cwd=ROOT,
        env=environment(PYTHONDONTWRITEBYTECODE='1'),
        capture_output=True,
        text=True,
        timeout=200,
    )


def test_the_benchmark_for_gpus_makes_its_model_and_its_table(tmp_path: Path) -> None:
    flags = ['--shape', 'tiny', '--num', '4', '--tokens', '8', '--engines']
    paths = ['--folder', tmp_path / 'made', '--out', tmp_path / 'table.md']
    done = run_module('benchmarks.gpu.engines', *paths, *flags)
    assert done.returncode == 0, done.stderr
    header, _, line = (tmp_path / 'table.md').read_text().splitlines()
    cells = dict(zip(header.split(' | '), line.split(' | '), strict=True))
    assert line.startswith('| `run.py`, Hugging Face | ')
    assert cells['tokens'] == '32'


def test_a_model_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    mistyped = tmp_path / 'Llama-3-8B'
    done = run_module('benchmarks.gpu.engines', '--model', mistyped, '--folder', tmp_path / 'made')
    assert done.stderr == (
        f'--model takes the folder of a model: there is no {mistyped / "config.json"}\n'
    )
    assert (done.returncode, done.stdout) == (1, '')
    assert list(tmp_path.iterdir()) == []


def test_a_model_whose_making_was_interrupted_is_made_anew(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    folder = tmp_path / 'tiny'
    done = run_module('benchmarks.gpu.model', 'tiny', folder, max_bytes=FEW_BYTES)
    assert done.returncode != 0
    assert (tmp_path / 'tiny.unfinished' / 'config.json').exists()
    assert not folder.exists()

    done = run_module('benchmarks.gpu.model', 'tiny', folder)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == [folder]
    assert json.loads((folder / 'config.json').read_text())['vocab_size'] == 1024
    tokenizer = Tokenizer.from_file(str(folder / 'tokenizer.json'))
    assert tokenizer.get_vocab_size() == 1024
    assert tokenizer.decode([515, 1023]) == ' w515 w1023'


def test_a_row_has_medians_and_the_share_of_the_bare_speed() -> None:
    bare = [Side(30.0, 10.0, ask, 1000) for ask in (2.0, 4.0, 8.0)]
    ours = [Side(33.0, 11.0, ask, 1000) for ask in (4.0, 5.0, 8.0)]
    assert row('vllm, alone', bare) == '| vllm, alone | 10.0 | 4.00 | 1000 | 250 |  | 30.0 |'
    assert row('ours', ours, bare) == '| ours | 11.0 | 5.00 | 1000 | 200 | 0.80 | 33.0 |'
