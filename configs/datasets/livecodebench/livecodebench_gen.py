"""LiveCodeBench as it is usually asked: code generation, execution, and outputs of tests."""

from mmengine.config import read_base

with read_base():
    from .livecodebench_gen_b2b0fd import LCB_datasets
