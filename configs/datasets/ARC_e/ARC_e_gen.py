"""ARC Easy as it is usually asked of chat models."""

from mmengine.config import read_base

with read_base():
    from .ARC_e_0shot_gen import ARC_e_datasets
