"""RULER with 16384 tokens."""

from mmengine.config import read_base

with read_base():
    from .ruler_tasks import ruler_tasks

ruler_datasets = [
    dict(_task, abbr=f'{_task["abbr"]}_16k', max_seq_length=16384) for _task in ruler_tasks
]
