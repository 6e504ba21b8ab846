"""The comparison of backends, from result files to a table."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from evalkit.store import Workspace, write_json
from evalkit.summarizers.contest import Contender, Line, compare
from evalkit.summarizers.contest_table import bench_table, failures, write_bench
from tests.summarizers.results import a_result


def details(*answers: Any) -> list[dict[str, Any]]:
    """Return the details of samples with these answers; an exception is the error of a sample."""
    return [
        {'index': index, 'repeat': 0, 'answer': None, 'error': str(answer)}
        if isinstance(answer, Exception)
        else {'index': index, 'repeat': 0, 'answer': answer}
        for index, answer in enumerate(answers)
    ]


def timing(seconds: float, output_tokens: int = 100) -> dict[str, Any]:
    return {'infer_seconds': seconds, 'prompt_tokens': 10, 'output_tokens': output_tokens}


def write(
    folder: Path, abbr: str, dataset: str = 'data', engine: Any = None, **result: Any
) -> None:
    """Write the result of a model on a dataset, and which engine ran."""
    workspace = Workspace(folder)
    write_json(workspace.results(abbr, dataset), a_result(**result))
    write_json(workspace.engine(abbr), engine or {'engine': abbr, 'load_seconds': 1.5})


def contender(backend: str, *datasets: str, model: str = 'm', **more: Any) -> Contender:
    return Contender(model, backend, f'{model}-{backend}', datasets or ('data',), **more)


def lines(folder: Path, *contenders: Contender) -> dict[tuple[str, str], Line]:
    found = compare(Workspace(folder), contenders)
    return {(line.dataset, line.backend): line for line in found}


def test_a_backend_is_compared_with_the_first(tmp_path: Path) -> None:
    vllm = {'engine': 'vllm', 'version': '0.32.0', 'load_seconds': 30.0}
    first: dict[str, Any] = {
        'value': 75.0,
        'details': details('1', '2', '3', '4'),
        'timing': timing(8.0),
    }
    other: dict[str, Any] = {
        'value': 50.0,
        'details': details('1', '2', '3', '5'),
        'timing': timing(2.0),
    }
    write(tmp_path, 'm-hf', **first)
    write(tmp_path, 'm-vllm', engine=vllm, **other)
    found = lines(tmp_path, contender('hf'), contender('vllm'))
    assert found['data', 'hf'].agreement == 100.0
    assert found['data', 'hf'].speedup == 1.0
    assert found['data', 'vllm'] == Line(
        model='m',
        dataset='data',
        backend='vllm',
        abbr='m-vllm',
        engine='vllm 0.32.0',
        metric='accuracy',
        value=50.0,
        n=10,
        n_ok=10,
        agreement=75.0,
        load_seconds=30.0,
        infer_seconds=2.0,
        output_tokens=100,
        speedup=4.0,
    )
    assert found['data', 'vllm'].tokens_per_second == 50.0


def test_samples_that_failed_agree_with_nothing_not_even_with_each_other(tmp_path: Path) -> None:
    write(tmp_path, 'm-hf', details=details('1', '2', ValueError('a'), '4'))
    write(tmp_path, 'm-vllm', details=details('1', ValueError('b'), ValueError('a'), None))
    found = lines(tmp_path, contender('hf'), contender('vllm'))
    assert found['data', 'hf'].agreement == 75.0
    assert found['data', 'vllm'].agreement == 25.0


def test_answers_are_matched_by_sample_and_repeat_whatever_their_order(tmp_path: Path) -> None:
    both = [{'index': 0, 'repeat': n, 'answer': n} for n in range(2)]
    write(tmp_path, 'm-hf', details=both)
    write(tmp_path, 'm-vllm', details=both[::-1])
    assert lines(tmp_path, contender('hf'), contender('vllm'))['data', 'vllm'].agreement == 100.0


def test_a_backend_that_failed_has_its_reason_and_the_others_their_lines(tmp_path: Path) -> None:
    write(tmp_path, 'm-hf', details=details('1'))
    path = Workspace(tmp_path).results('m-vllm', 'data')
    write_json(path, {'error': 'vllm is not installed'})
    rivals = (
        contender('hf'),
        contender('vllm'),
        contender('sglang'),
        contender('lmdeploy', failure='m: dtype: LMDeploy has no float32'),
    )
    found = lines(tmp_path, *rivals)
    assert found['data', 'hf'].error is None
    assert {line.backend: line.error for line in found.values() if line.error} == {
        'vllm': 'vllm is not installed',
        'sglang': 'not scored yet',
        'lmdeploy': 'm: dtype: LMDeploy has no float32',
    }


def test_where_the_first_backend_failed_nothing_is_compared(tmp_path: Path) -> None:
    write(tmp_path, 'm-vllm', details=details('1'))
    line = lines(tmp_path, contender('hf', failure='no'), contender('vllm'))['data', 'vllm']
    assert (line.value, line.agreement, line.speedup) == (50.0, None, None)


def test_several_datasets_have_a_line_together(tmp_path: Path) -> None:
    for backend, seconds in (('hf', 6.0), ('vllm', 2.0)):
        write(tmp_path, f'm-{backend}', 'a', value=100.0, stderr=3.0, n=10, n_ok=10,
              details=details('1'), timing=timing(seconds, 30))  # fmt: skip
        write(tmp_path, f'm-{backend}', 'b', value=50.0, stderr=4.0, n=30, n_ok=29,
              details=details(backend), timing=timing(seconds, 10))  # fmt: skip
    rivals = (contender('hf', 'a', 'b'), contender('vllm', 'a', 'b'))
    found = lines(tmp_path, *rivals)
    assert list(found) == [
        (dataset, backend) for dataset in ('a', 'b', 'all') for backend in ('hf', 'vllm')
    ]
    whole = found['all', 'vllm']
    assert (whole.value, whole.stderr, whole.n, whole.n_ok) == (75.0, 2.5, 40, 39)
    assert (whole.agreement, whole.speedup) == (25.0, 3.0)
    assert (whole.infer_seconds, whole.output_tokens, whole.load_seconds) == (4.0, 40, 1.5)


def test_a_line_over_all_datasets_says_which_it_lacks(tmp_path: Path) -> None:
    write(tmp_path, 'm-hf', 'a', details=details('1'))
    found = lines(tmp_path, contender('hf', 'a', 'b'))
    assert found['all', 'hf'].error == 'without b'


def test_the_table_shows_what_engines_are_chosen_by(tmp_path: Path) -> None:
    write(tmp_path, 'm-hf', value=75.0, stderr=2.5, details=details('1', '2'), timing=timing(8.0))
    rivals = (contender('hf'), contender('vllm', failure='vllm: x | y'))
    found = compare(Workspace(tmp_path), rivals)
    table = bench_table(found)
    assert list(table.headers) == [
        'backend', 'engine', 'accuracy', 'agreement', 'load', 'inference', 'tokens/s', 'speed-up',
    ]  # fmt: skip
    assert [list(row) for row in table.rows] == [
        ['hf', 'm-hf', '75.00 ± 2.50', '100.0 %', '1.5 s', '8.0 s', '12', '1.00 x'],
        ['vllm', '-', 'FAILED (vllm: x | y)', '-', '-', '-', '-', '-'],
    ]
    assert failures(found) == ['FAILED vllm: vllm: x | y']


def test_models_are_a_column_where_there_are_several(tmp_path: Path) -> None:
    write(tmp_path, 'm-hf')
    write(tmp_path, 'other-hf')
    found = compare(Workspace(tmp_path), (contender('hf'), contender('hf', model='other')))
    table = bench_table(found)
    assert [row[:2] for row in table.rows] == [['m', 'hf'], ['other', 'hf']]
    assert table.num_names == 3


def test_the_files_hold_the_same_lines(tmp_path: Path) -> None:
    write(tmp_path, 'm-hf', details=details('1'), timing=timing(8.0))
    found = compare(Workspace(tmp_path), (contender('hf'), contender('vllm', failure='no')))
    write_bench(found, tmp_path)
    rows = list(csv.DictReader(io.StringIO((tmp_path / 'bench.csv').read_text())))
    saved = json.loads((tmp_path / 'bench.json').read_text())['lines']
    assert [row['value'] for row in rows] == ['50.0', '']
    assert [row['error'] for row in rows] == ['', 'no']
    assert [line['tokens_per_second'] for line in saved] == [12.5, None]
    markdown = (tmp_path / 'bench.md').read_text()
    assert markdown.startswith('| backend   | engine   |')
    assert markdown.endswith('\n\n* FAILED vllm: no\n')
