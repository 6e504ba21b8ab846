"""RULER with 32768 tokens."""

from mmengine.config import read_base

with read_base():
    from .ruler_tasks import ruler_tasks

ruler_datasets = [
    dict(_task, abbr=f'{_task["abbr"]}_32k', max_seq_length=32768) for _task in ruler_tasks
]
