"""CommonsenseQA as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .commonsenseqa_0shot_ppl import commonsenseqa_datasets
