"""AGIEval as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .agieval_0shot_gen import agieval_datasets
