"""CMMLU as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .cmmlu_5shot_ppl import cmmlu_datasets
