"""GPQA as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .gpqa_0shot_cot_gen import gpqa_datasets
