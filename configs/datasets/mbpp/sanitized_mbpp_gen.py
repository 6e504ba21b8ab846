"""The checked problems of MBPP as they are usually asked."""

from mmengine.config import read_base

with read_base():
    from .sanitized_mbpp_mdblock_gen_a447ff import sanitized_mbpp_datasets
