"""MMLU as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .mmlu_5shot_ppl import mmlu_datasets
