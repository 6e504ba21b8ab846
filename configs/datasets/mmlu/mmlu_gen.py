"""MMLU as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .mmlu_5shot_gen import mmlu_datasets
