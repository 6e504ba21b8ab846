"""RULER with 131072 tokens."""

from mmengine.config import read_base

with read_base():
    from .ruler_tasks import ruler_tasks

ruler_datasets = [
    dict(_task, abbr=f'{_task["abbr"]}_128k', max_seq_length=131072) for _task in ruler_tasks
]
