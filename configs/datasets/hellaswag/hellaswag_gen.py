"""HellaSwag as it is usually asked of chat models."""

from mmengine.config import read_base

with read_base():
    from .hellaswag_0shot_gen import hellaswag_datasets
