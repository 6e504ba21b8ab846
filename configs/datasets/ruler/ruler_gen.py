"""RULER with 4,096 tokens as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .ruler_4k_gen import ruler_datasets
