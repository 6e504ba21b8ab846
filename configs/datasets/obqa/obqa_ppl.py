"""OpenBookQA as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .obqa_0shot_ppl import obqa_datasets
