"""TheoremQA as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .TheoremQA_0shot_cot_gen import TheoremQA_datasets
