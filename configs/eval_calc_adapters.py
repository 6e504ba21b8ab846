"""A base model next to its adapters, with one loading: `-a vllm` asks them all at once."""

from mmengine.config import read_base

with read_base():
    from .datasets.calc.calc_gen import calc_datasets
    from .models.calc.hf_calc_llama_adapters import models

datasets = calc_datasets
