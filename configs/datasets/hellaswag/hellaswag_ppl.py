"""HellaSwag as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .hellaswag_0shot_ppl import hellaswag_datasets
