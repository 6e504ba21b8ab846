"""The commands on the real engines: `run.py -a ENGINE`, `evalkit bench` and `evalkit parity`."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.engines.conftest import EngineCase
from tests.engines.host import ON_CPU, ROOT
from tests.runs import dataset, records, run_folder, values, write_config, write_words

LIMIT = 20
TOLERANCE = {'float32': 0.0, 'bfloat16': 10.0}
"""Points of accuracy; an engine without float32 may decide a close call otherwise."""

CALC = 'configs/eval_calc.py'
EVALKIT = ('-c', 'import sys; from evalkit.cli import main; sys.exit(main())')


def command(*words: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run Python in an environment that has the engines."""
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=cwd,
        env={**os.environ, **ON_CPU},
        capture_output=True,
        text=True,
    )


def accuracy(folder: Path, *flags: str) -> float:
    """Run the calc config, and return what it gets."""
    done = command('run.py', CALC, '--limit', LIMIT, '-w', folder, *flags)
    assert done.returncode == 0, done.stderr
    [summary] = folder.glob('*/summary/summary.json')
    [row] = json.loads(summary.read_text())['rows']
    [cell] = row['values'].values()
    assert (cell['n_ok'], cell['failed']) == (LIMIT, 0)
    value: float = cell['value']
    return value


def test_an_engine_gets_the_accuracy_of_hugging_face(case: EngineCase, tmp_path: Path) -> None:
    reference = accuracy(tmp_path / 'hf')
    found = accuracy(tmp_path / 'engine', '-a', case.name)
    assert reference >= 90
    assert abs(found - reference) <= TOLERANCE[case.dtype]


def choice_dataset() -> dict[str, Any]:
    """Return a dataset of two labels, chosen by the loss of a text."""
    infer_cfg = {
        'prompt_template': {
            'type': 'evalkit.prompts.PromptTemplate',
            'template': {'yes': '{question} the answer is yes', 'no': '{question} the fox is no'},
        },
        'retriever': {'type': 'evalkit.prompts.ZeroRetriever'},
        'inferencer': {'type': 'evalkit.inferencers.PPLInferencer'},
    }
    return dataset('choice', infer_cfg=infer_cfg)


def circular_dataset(folder: Path) -> dict[str, Any]:
    """Return a dataset whose two questions are asked with all rotations of their options."""
    patterns = ('ABCD', 'BCDA', 'CDAB', 'DABC')
    rows = [
        {'question': f'{number} {pattern}', 'answer': f'{number}--{pattern[0]}--{pattern}'}
        for number in range(2)
        for pattern in patterns
    ]
    (folder / 'circular.jsonl').write_text(''.join(f'{json.dumps(row)}\n' for row in rows))
    eval_cfg = {'evaluator': {'type': 'evalkit.evaluators.CircularEvaluator'}}
    return dataset('circular', 'circular.jsonl', eval_cfg=eval_cfg)


def test_ten_datasets_of_all_kinds_load_the_engine_once(
    case: EngineCase, models: Path, tmp_path: Path
) -> None:
    write_words(tmp_path, 3)
    written = [dataset(f'words{number}') for number in range(8)]
    datasets = [*written, choice_dataset(), circular_dataset(tmp_path)]
    model = {'type': 'evalkit.models.HuggingFaceBaseModel', 'abbr': 'tiny-hf'}
    write_config(tmp_path, [{**model, 'path': str(models / 'model'), 'max_out_len': 4}], datasets)
    for flags in ((), ('-a', case.name)):
        done = command(ROOT / 'run.py', 'words.py', '-w', '-'.join(('out', *flags)), *flags,
                       cwd=tmp_path)  # fmt: skip
        assert done.returncode == 0, done.stderr
    expected, found = (run_folder(tmp_path, name) for name in ('out', f'out--a-{case.name}'))
    [log] = (found / 'logs' / 'infer').rglob('*.log')
    assert log.read_text().count('--- attempt') == 1
    cells = values(found)
    assert [cell['n_ok'] for cell in cells.values()] == [3] * 9 + [8]
    assert {name for name, _ in cells} == {cfg['abbr'] for cfg in datasets}
    if case.dtype == 'float32':
        outputs = [
            sorted((record['index'], json.dumps(record['prompt']), record['output'])
                   for record in records(run))
            for run in (expected, found)
        ]  # fmt: skip
        assert outputs[0] == outputs[1]


def test_bench_compares_an_engine_with_hugging_face(case: EngineCase, tmp_path: Path) -> None:
    flags = ('--backends', 'hf', case.name, '--limit', LIMIT, '-w', tmp_path)
    done = command(*EVALKIT, 'bench', CALC, *flags)
    assert done.returncode == 0, done.stderr
    [written] = tmp_path.glob('*/summary/bench.json')
    reference, found = json.loads(written.read_text())['lines']
    assert (reference['backend'], found['backend']) == ('hf', case.name)
    assert found['engine'].startswith(case.name)
    assert found['n_ok'] == LIMIT
    assert abs(found['value'] - reference['value']) <= TOLERANCE[case.dtype]
    assert found['agreement'] >= 100 - TOLERANCE[case.dtype]
    assert min(found['load_seconds'], found['infer_seconds'], found['output_tokens']) > 0


def test_parity_finds_an_engine_equal_to_hugging_face(case: EngineCase, tmp_path: Path) -> None:
    flags = ('--backends', 'hf', case.name, '--samples', 4, '-w', tmp_path)
    done = command(*EVALKIT, 'parity', CALC, *flags)
    [written] = tmp_path.glob('*/summary/parity.json')
    _, found = json.loads(written.read_text())['lines']
    assert (found['num_prompts_equal'], found['num_prompts']) == (4, 4), done.stdout
    if case.dtype == 'float32':
        assert done.returncode == 0, done.stdout
        assert found['num_texts_equal'] == 4
        assert found['max_gap'] < 1e-4
