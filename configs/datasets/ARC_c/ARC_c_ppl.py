"""ARC Challenge as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .ARC_c_0shot_ppl import ARC_c_datasets
