"""WinoGrande as it is usually asked of chat models."""

from mmengine.config import read_base

with read_base():
    from .winogrande_0shot_gen import winogrande_datasets
