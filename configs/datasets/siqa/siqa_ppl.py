"""SocialIQA as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .siqa_0shot_ppl import siqa_datasets
