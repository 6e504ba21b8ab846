"""AIME 2025 as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .aime2025_0shot_gen import aime2025_datasets
