"""BigCodeBench, the 148 harder problems, by instructions."""

from mmengine.config import read_base

with read_base():
    from .bigcodebench_hard_instruct_gen_8815eb import bigcodebench_hard_instruct_datasets
