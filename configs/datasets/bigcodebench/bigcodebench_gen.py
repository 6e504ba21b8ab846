"""BigCodeBench as it is usually asked: the harder problems, by instructions and for completion."""

from mmengine.config import read_base

with read_base():
    from .bigcodebench_hard_complete_gen import bigcodebench_hard_complete_datasets
    from .bigcodebench_hard_instruct_gen import bigcodebench_hard_instruct_datasets
