"""SocialIQA as it is usually asked of chat models."""

from mmengine.config import read_base

with read_base():
    from .siqa_0shot_gen import siqa_datasets
