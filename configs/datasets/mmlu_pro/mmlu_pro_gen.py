"""MMLU-Pro as it is usually asked of chat models."""

from mmengine.config import read_base

with read_base():
    from .mmlu_pro_0shot_cot_gen import mmlu_pro_datasets
