"""BoolQ as it is usually asked of chat models."""

from mmengine.config import read_base

with read_base():
    from .SuperGLUE_BoolQ_0shot_gen import BoolQ_datasets
