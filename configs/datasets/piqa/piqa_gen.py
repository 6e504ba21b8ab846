"""PIQA as it is usually asked of chat models."""

from mmengine.config import read_base

with read_base():
    from .piqa_0shot_gen import piqa_datasets
