"""The shipped configs of benchmarks, asked and scored on samples in their real file formats."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalkit.catalog import load_named
from evalkit.datasets import read_dataset
from evalkit.tasks.plan import DatasetPlan
from evalkit.types import Sample
from tests.tasks.runs import Run

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / 'tests' / 'data'


def configs(name: str) -> dict[str, dict[str, Any]]:
    """Return the datasets of a shipped config by their abbr."""
    found = load_named('datasets', name, roots=[ROOT / 'configs'])
    return {dataset['abbr']: dataset for dataset in found}


def config(name: str, abbr: str | None = None) -> dict[str, Any]:
    """Return the dataset of this abbr, or the first of a config."""
    found = configs(name)
    return found[abbr] if abbr else next(iter(found.values()))


def samples_of(cfg: Mapping[str, Any]) -> list[Sample]:
    """Return the samples that a dataset config means."""
    return list(read_dataset(cfg).test)


def prompts(cfg: Mapping[str, Any], *, chat: bool = False) -> list[Any]:
    """Return what a model is asked for each sample: a text, messages, or a text for each label."""
    model = {'type': 'ScriptedChatModel' if chat else 'ScriptedModel'}
    return [question.prompt for question in DatasetPlan(cfg, model, 'identity').questions()]


def score(
    folder: Path, cfg: Mapping[str, Any], *, chat: bool = True, **model: Any
) -> dict[str, float]:
    """Ask a scripted model a dataset in tasks, score the answers, and return the metrics."""
    kind = 'ScriptedChatModel' if chat else 'ScriptedModel'
    run = Run(folder, {'type': kind, 'abbr': 'm', 'path': 'm', **model}, [dict(cfg)])
    assert (run.do('infer'), run.do('eval')) == (0, 0)
    metrics = run.result(cfg['abbr'])['metrics']
    return {name: metric['value'] for name, metric in metrics.items()}
