"""PIQA as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .piqa_0shot_ppl import piqa_datasets
