"""GSM8K as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .gsm8k_0shot_gen_a58960 import gsm8k_datasets
