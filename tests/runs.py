"""Whole evaluations through `run.py`, as a user would start them, on scripted models."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from pprint import pformat
from typing import Any

from evalkit.runners.watchdog import marked
from evalkit.store.records import is_whole

ROOT = Path(__file__).parents[1]
RUN = [sys.executable, str(ROOT / 'run.py')]
CALC_MODEL = ROOT / 'models' / 'calc-llama-0.8m'

MARK = 'HARM_MARK'
"""Stands in the environment of all processes of a run, so that they can be found in /proc."""

ASKED = 'asked.log'
"""Where scripted models log the key of each question, relative to the folder of a test."""


def environment(mark: str = '', **more: str) -> dict[str, str]:
    """Return the environment of a run: one thread for torch, `python` is this interpreter."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ['PATH']])
    names = {name: value for name, value in os.environ.items() if name != 'PYTHONPATH'}
    return {**names, 'OMP_NUM_THREADS': '1', 'PATH': path, MARK: mark, **more}


def evaluate(
    folder: Path, *arguments: object, mark: str = '', **more: str
) -> subprocess.CompletedProcess[str]:
    """Run `run.py` in a folder to its end."""
    command = [*RUN, *map(str, arguments)]
    env = environment(mark, **more)
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120)


def start(folder: Path, *arguments: object, mark: str, **more: str) -> subprocess.Popen[str]:
    """Start `run.py` in a folder, in a session of its own."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*RUN, *map(str, arguments)],
        cwd=folder,
        env=environment(mark, **more),
        stdout=pipe,
        stderr=pipe,
        text=True,
        start_new_session=True,
    )


def processes(mark: str) -> list[int]:
    """Return every process that a run with this mark has left."""
    return marked(f'{MARK}={mark}\0'.encode())


def workers(mark: str) -> list[int]:
    """Return the processes of the tasks of a run."""
    return [pid for pid in processes(mark) if b'evalkit.tasks' in command_line(pid)]


def command_line(pid: int) -> bytes:
    """Return the arguments of a process; empty if it is gone."""
    try:
        return Path(f'/proc/{pid}/cmdline').read_bytes()
    except OSError:
        return b''


def write_words(folder: Path, number: int = 10, name: str = 'words.jsonl') -> None:
    """Write a dataset whose questions hold their answers."""
    rows = [{'question': f'Say word{n}.', 'answer': f'word{n}'} for n in range(number)]
    (folder / name).write_text(''.join(f'{json.dumps(row)}\n' for row in rows))


def dataset(abbr: str = 'words', path: str = 'words.jsonl', **keys: Any) -> dict[str, Any]:
    """Return a dataset config."""
    return {
        'type': 'evalkit.datasets.CustomDataset',
        'abbr': abbr,
        'path': path,
        'reader_cfg': {'input_columns': ['question'], 'output_column': 'answer'},
        'infer_cfg': {
            'prompt_template': {
                'type': 'evalkit.prompts.PromptTemplate',
                'template': f'{abbr}: {{question}}',
            },
            'retriever': {'type': 'evalkit.prompts.ZeroRetriever'},
            'inferencer': {'type': 'evalkit.inferencers.GenInferencer', 'max_out_len': 8},
        },
        'eval_cfg': {'evaluator': {'type': 'evalkit.evaluators.AccEvaluator'}},
        **keys,
    }


def model(abbr: str = 'scripted', **keys: Any) -> dict[str, Any]:
    """Return the config of a model that answers `dataset`, by default rightly."""
    return {
        'type': 'evalkit.models.ScriptedModel',
        'abbr': abbr,
        'patterns': {r'(word\d+)': r'\1'},
        'log_path': ASKED,
        **keys,
    }


def write_config(
    folder: Path,
    models: Sequence[Mapping[str, Any]] = (model(),),
    datasets: Sequence[Mapping[str, Any]] = (dataset(),),
    name: str = 'words.py',
    **top: Any,
) -> Path:
    """Write a config file and return its path."""
    values = {'models': list(models), 'datasets': list(datasets), **top}
    text = ''.join(f'{key} = {pformat(value)}\n' for key, value in values.items())
    (folder / name).write_text(text)
    return folder / name


def run_folder(folder: Path, work_dir: str = 'outputs/words') -> Path:
    """Return the folder of the only run."""
    [found] = (folder / work_dir).iterdir()
    return found


def asked(folder: Path) -> list[str]:
    """Return the key of each question, in the order in which they were asked."""
    path = folder / ASKED
    lines = path.read_text().splitlines() if path.exists() else []
    # A model sees the key as `<dataset>/<key>/<number of the request>`.
    return [line.split('/')[-2] for line in lines]


def asked_twice(folder: Path) -> list[str]:
    """Return the keys that were asked more than once."""
    return [key for key, times in Counter(asked(folder)).items() if times > 1]


def records(run: Path) -> list[dict[str, Any]]:
    """Return all whole records of a run."""
    lines = whole_lines(run.glob('predictions/*/*/*.jsonl'))
    return [json.loads(line) for line in lines]


def acknowledged(run: Path) -> set[str]:
    """Return the keys of the answers that a run has stored."""
    return {record['key'] for record in records(run) if record['error'] is None}


def whole_lines(paths: Iterable[Path]) -> Iterator[bytes]:
    """Yield the lines whose checksum is right."""
    for path in paths:
        yield from (line for line in path.read_bytes().splitlines(keepends=True) if is_whole(line))


def summary(run: Path) -> dict[str, Any]:
    """Return `summary.json`."""
    found: dict[str, Any] = json.loads((run / 'summary' / 'summary.json').read_text())
    return found


def values(run: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the cell of each dataset and model."""
    rows = summary(run)['rows']
    return {(row['dataset'], name): cell for row in rows for name, cell in row['values'].items()}


def scores(run: Path) -> dict[tuple[str, str], float | None]:
    """Return the value of each dataset and model."""
    return {place: cell['value'] for place, cell in values(run).items()}


def reuse_lines(run: Path) -> list[str]:
    """Return the last report of each infer log on what a resumed run uses again."""
    logs = sorted((run / 'logs' / 'infer').rglob('*.log'))
    reports = [
        [line.rpartition(': ')[2] for line in log.read_text().splitlines() if 'reused' in line]
        for log in logs
    ]
    return [report[-1] for report in reports if report]
