"""MuSR as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .musr_0shot_cot_gen import musr_datasets
