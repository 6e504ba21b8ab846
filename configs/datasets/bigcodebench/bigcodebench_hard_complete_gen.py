"""BigCodeBench, the 148 harder problems, for completion."""

from mmengine.config import read_base

with read_base():
    from .bigcodebench_hard_complete_gen_faf748 import bigcodebench_hard_complete_datasets
