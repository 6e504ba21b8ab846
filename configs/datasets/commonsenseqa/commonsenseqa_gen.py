"""CommonsenseQA as it is usually asked of chat models."""

from mmengine.config import read_base

with read_base():
    from .commonsenseqa_0shot_gen import commonsenseqa_datasets
