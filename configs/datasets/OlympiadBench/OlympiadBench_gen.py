"""OlympiadBench as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .OlympiadBench_0shot_gen import olympiadbench_datasets
