"""C-Eval as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .ceval_5shot_gen import ceval_datasets
