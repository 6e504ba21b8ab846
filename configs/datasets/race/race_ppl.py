"""RACE as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .race_0shot_ppl import race_datasets
