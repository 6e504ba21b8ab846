"""Natural Questions as they are usually asked."""

from mmengine.config import read_base

with read_base():
    from .nq_0shot_gen import nq_datasets
