"""Whole evaluations with a judge, through `run.py`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.runs import dataset, evaluate, model, run_folder, whole_lines, write_config, write_words

JUDGED = 'judged.log'
"""Where scripted judges log the key of each question."""

TEMPLATE = 'Q {question} G {answer} P [{prediction}] A or B?'


def judge(abbr: str = 'judge', **keys: Any) -> dict[str, Any]:
    """Return a judge that calls right what repeats the answer of the question."""
    return model(
        abbr,
        patterns={r'G (word\d+) P \[\1\]': 'A', r'P \[': 'B'},
        log_path=JUDGED,
        **keys,
    )


def evaluator(**keys: Any) -> dict[str, Any]:
    """Return the config of an evaluator that asks a judge."""
    return {
        'type': 'opencompass.evaluator.GenericLLMEvaluator',
        'prompt_template': {'type': 'evalkit.prompts.PromptTemplate', 'template': TEMPLATE},
        'dict_postprocessor': {'type': 'opencompass.datasets.generic_llmjudge_postprocess'},
        **keys,
    }


def cascade(**keys: Any) -> dict[str, Any]:
    """Return the config of one that asks about what is not the same text."""
    return {
        'type': 'opencompass.evaluator.CascadeEvaluator',
        'rule_evaluator': {'type': 'evalkit.evaluators.AccEvaluator'},
        'llm_evaluator': evaluator(judge_cfg=judge()),
        'parallel': False,
        **keys,
    }


def judged(scored: Mapping[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    """Return the dataset of words, scored by a judge."""
    return dataset(eval_cfg={'evaluator': scored or evaluator(judge_cfg=judge())}, **keys)


def write_judged(
    folder: Path, scored: Mapping[str, Any] | None = None, number: int = 10, **top: Any
) -> None:
    """Write ten words and a config whose judge is asked about each."""
    write_words(folder, number)
    write_config(folder, top.pop('models', [model()]), [judged(scored)], **top)


def judgements(folder: Path) -> list[dict[str, Any]]:
    """Return the records of the judge in the only run."""
    lines = whole_lines(run_folder(folder).glob('judgements/*/*/*.jsonl'))
    return [json.loads(line) for line in lines]


def asked_judge(folder: Path) -> list[str]:
    """Return the key of each question to a scripted judge."""
    path = folder / JUDGED
    return [line.split('/')[-2] for line in path.read_text().splitlines()] if path.exists() else []


def result(folder: Path, model_abbr: str = 'scripted') -> dict[str, Any]:
    """Return the result of a model on the words."""
    path = run_folder(folder) / 'results' / model_abbr / 'words.json'
    found: dict[str, Any] = json.loads(path.read_text())
    return found


__all__ = ['evaluate', 'run_folder']
