"""CMMLU as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .cmmlu_5shot_gen import cmmlu_datasets
