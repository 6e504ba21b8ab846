"""DROP as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .drop_0shot_cot_gen import drop_datasets
