"""Benchmarks that a judge scores: a scripted model, a scripted judge, the tasks of both."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from evalkit.tasks.base import Pair
from evalkit.tasks.judges import judge_of, with_judge
from evalkit.tasks.run import run_task
from tests.tasks.runs import Run


def judged_score(
    folder: Path, cfg: Mapping[str, Any], answers: Mapping[str, str], verdicts: Mapping[str, str]
) -> dict[str, float]:
    """Ask a model and then a judge, score, and return the metrics."""
    judge = {'type': 'ScriptedChatModel', 'abbr': 'judge', 'path': 'judge', 'answers': verdicts}
    dataset = with_judge(cfg, lambda abbr: judge)
    model = {'type': 'ScriptedChatModel', 'abbr': 'm', 'path': 'm', 'answers': answers}
    run = Run(folder, model, [dataset])
    assert run.do('infer') == 0
    assert judge_of(dataset) == judge
    task = replace(run.task('judge'), model=judge, judged=(Pair(model, dataset),))
    assert run_task(task, folder / 'judge.progress.json') == 0
    assert run.do('evaluate') == 0
    metrics = run.result(cfg['abbr'])['metrics']
    return {name: metric['value'] for name, metric in metrics.items()}
