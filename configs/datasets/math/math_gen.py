"""MATH as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .math_0shot_gen import math_datasets
