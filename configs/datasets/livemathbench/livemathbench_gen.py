"""LiveMathBench as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .livemathbench_0shot_gen import livemathbench_datasets
