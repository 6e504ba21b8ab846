"""RACE as it is usually asked of chat models."""

from mmengine.config import read_base

with read_base():
    from .race_0shot_gen import race_datasets
