"""LAMBADA as it is usually asked of chat models."""

from mmengine.config import read_base

with read_base():
    from .lambada_0shot_gen import lambada_datasets
