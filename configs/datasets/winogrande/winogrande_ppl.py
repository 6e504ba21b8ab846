"""WinoGrande as it is usually asked of base models."""

from mmengine.config import read_base

with read_base():
    from .winogrande_0shot_ppl import winogrande_datasets
