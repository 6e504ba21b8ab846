"""BigCodeBench, all 1,140 problems, for completion."""

from mmengine.config import read_base

with read_base():
    from .bigcodebench_full_complete_gen_faf748 import bigcodebench_full_complete_datasets
