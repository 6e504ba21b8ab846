"""IFEval as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .IFEval_gen_3321a3 import ifeval_datasets
