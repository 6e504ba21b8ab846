"""BoolQ as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .SuperGLUE_BoolQ_0shot_ppl import BoolQ_datasets
