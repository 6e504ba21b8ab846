"""WinoGrande as it is usually scored by log-likelihood."""

from mmengine.config import read_base

with read_base():
    from .winogrande_0shot_ll import winogrande_datasets
