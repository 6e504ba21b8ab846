"""LongBench as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .longbench_0shot_gen import longbench_datasets
