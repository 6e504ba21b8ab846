"""MBPP as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .mbpp_gen_830460 import mbpp_datasets
