"""BIG-Bench Hard as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .bbh_3shot_cot_gen import bbh_datasets
