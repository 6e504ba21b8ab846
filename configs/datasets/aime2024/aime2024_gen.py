"""AIME 2024 as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .aime2024_0shot_gen import aime2024_datasets
