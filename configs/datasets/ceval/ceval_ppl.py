"""C-Eval as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .ceval_5shot_ppl import ceval_datasets
