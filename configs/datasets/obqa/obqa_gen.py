"""OpenBookQA as it is usually asked of chat models."""

from mmengine.config import read_base

with read_base():
    from .obqa_0shot_gen import obqa_datasets
