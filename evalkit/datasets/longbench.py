"""LongBench: 21 tasks with long contexts in English, Chinese and code (Bai et al.,
https://arxiv.org/abs/2308.14508).

`data/<task>.jsonl` holds `{"input", "context", "answers", "all_classes", ...}` a line.
"""

from collections.abc import Mapping
from typing import Any

from evalkit.datasets.base import BaseDataset
from evalkit.datasets.files import find_source, read_jsonl
from evalkit.datasets.hub import HubDataset


class LongBenchDataset(BaseDataset):
    """Rows with `context`, `input`, the list of `answers`, and for tasks with classes `all_labels`.

    The last holds `answers` and `all_classes`, which LongBenchClassificationEvaluator needs.
    """

    @staticmethod
    def load(path: str, name: str) -> dict[str, list[dict[str, Any]]]:
        """Read a task from `data/<name>.jsonl`, or `<name>.jsonl`, or the hub."""
        source = find_source(path)
        if isinstance(source, HubDataset):
            return {'test': [row_of(row) for row in source.rows('test', name)]}
        below = source / 'data' / f'{name}.jsonl'
        rows = read_jsonl(below if below.is_file() else source / f'{name}.jsonl')
        return {'test': [row_of(row) for row in rows]}


def row_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what prompts and evaluators need of a row."""
    labels = {'answers': raw['answers'], 'all_classes': raw.get('all_classes') or []}
    texts = {name: raw.get(name, '') for name in ('input', 'context')}
    return {**texts, 'answers': list(raw['answers']), 'all_labels': labels}


def longbench_postprocess(text: str) -> str:
    """Return the first line that is not empty: base models go on with the next example."""
    return text.lstrip('\n').split('\n')[0]


TASKS = (
    '2wikimqa',
    'dureader',
    'gov_report',
    'hotpotqa',
    'lcc',
    'lsht',
    'multi_news',
    'multifieldqa_en',
    'multifieldqa_zh',
    'musique',
    'narrativeqa',
    'passage_count',
    'passage_retrieval_en',
    'passage_retrieval_zh',
    'qasper',
    'qmsum',
    'repobench',
    'samsum',
    'trec',
    'triviaqa',
    'vcsum',
)

DATASET_NAMES = {f'LongBench{task}Dataset': LongBenchDataset for task in TASKS}
"""OpenCompass has a class for each task; they all read the same format."""

POSTPROCESSOR_NAMES = {
    f'{task}_postprocess': longbench_postprocess for task in ('trec', 'samsum', 'lsht', 'triviaqa')
}
