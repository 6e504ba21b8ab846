"""Small real evaluations: data in files, a scripted model, tasks done here or in a child."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evalkit.store import read_json, read_predictions
from evalkit.tasks import Task, run_task
from evalkit.tasks.progress import Progress, read_progress
from evalkit.types import Prediction

ROOT = Path(__file__).parents[2]

SUMS = [{'q': f'{number}+{number}', 'a': str(2 * number)} for number in range(6)]
"""Rows of the usual data set: 0+0 is 0, 1+1 is 2, and so on."""

RIGHT = {row['q']: row['a'] for row in SUMS}
"""The script of a model that answers all of them right."""


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(''.join(json.dumps(row) + '\n' for row in rows))
    return path


def a_model(abbr: str = 'scripted', **arguments: Any) -> dict[str, Any]:
    return {'type': 'ScriptedModel', 'abbr': abbr, 'path': 'scripted', **arguments}


def a_dataset(path: Path, abbr: str = 'sums', **changes: Any) -> dict[str, Any]:
    """A dataset of the rows of a file, asked as `Q:{q}` and scored by equality."""
    infer_cfg = {
        'prompt_template': {'type': 'PromptTemplate', 'template': 'Q:{q}'},
        'retriever': {'type': 'ZeroRetriever'},
        'inferencer': {'type': 'GenInferencer', 'max_out_len': 8},
    }
    return {
        'type': 'CustomDataset',
        'abbr': abbr,
        'path': str(path),
        'reader_cfg': {'input_columns': ['q'], 'output_column': 'a'},
        'infer_cfg': infer_cfg,
        'eval_cfg': {'evaluator': {'type': 'AccEvaluator'}},
        **changes,
    }


def labelled(dataset: Mapping[str, Any], labels: Sequence[Any], **inferencer: Any) -> Any:
    """The same dataset, asked by the likelihood of `Q:{q} A:<label>`."""
    template = {label: f'Q:{{q}} A:{label}' for label in labels}
    infer_cfg = {
        **dataset['infer_cfg'],
        'prompt_template': {'type': 'PromptTemplate', 'template': template},
        'inferencer': {'type': 'PPLInferencer', **inferencer},
    }
    return {**dataset, 'infer_cfg': infer_cfg}


@dataclass
class Run:
    """A run in a folder of its own, with a model and datasets that a test may change."""

    folder: Path
    model: dict[str, Any] = field(default_factory=lambda: a_model(answers=RIGHT))
    datasets: list[dict[str, Any]] = field(default_factory=list)

    def task(self, kind: Any, **changes: Any) -> Task:
        return Task(kind, self.model, tuple(self.datasets), str(self.folder), **changes)

    def do(self, kind: str, **changes: Any) -> int:
        """Do a task in this process and return its exit code."""
        return run_task(self.task(kind, **changes), self.folder / f'{kind}.progress.json')

    def start(self, kind: str, attempt: int = 1) -> 'subprocess.Popen[str]':
        """Begin a task in a process of its own, as a runner does."""
        path = self.folder / f'{kind}.json'
        path.write_text(self.task(kind).to_json())
        return subprocess.Popen(
            [sys.executable, '-m', 'evalkit.tasks', str(path)],
            cwd=ROOT,
            env={**os.environ, 'EVALKIT_ATTEMPT': str(attempt)},
            stderr=subprocess.PIPE,
            text=True,
        )

    def do_in_process(self, kind: str, attempt: int = 1) -> tuple[int, str]:
        """Do a task in a process of its own; return its exit code and its log."""
        process = self.start(kind, attempt)
        _, log = process.communicate(timeout=60)
        return process.returncode, log

    def predictions(self, dataset: str = 'sums') -> Path:
        return Path(self.folder, 'predictions', self.model['abbr'], dataset)

    def records(self, dataset: str = 'sums') -> list[Prediction]:
        paths = sorted(self.predictions(dataset).glob('*.jsonl'))
        return [record for path in paths for record in read_predictions(path)]

    def outputs(self, dataset: str = 'sums') -> list[str]:
        return [record.output for record in self.records(dataset)]

    def result(self, dataset: str = 'sums') -> Any:
        return read_json(self.folder / 'results' / self.model['abbr'] / f'{dataset}.json')

    def progress(self, kind: str) -> Progress:
        progress = read_progress(self.folder / f'{kind}.progress.json')
        assert progress is not None
        return progress

    def asked(self) -> list[str]:
        """The keys of the requests that the model was asked, from its `log_path`."""
        path = Path(self.model['log_path'])
        return path.read_text().split() if path.exists() else []
