"""AIME 2025 as it is usually asked."""

from mmengine.config import read_base

with read_base():
    from .aime2025_llmjudge_gen_5e9f4f import aime2025_datasets
