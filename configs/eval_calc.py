"""The first run: a small real model on 100 arithmetic problems, with nothing to download."""

from mmengine.config import read_base

with read_base():
    from .datasets.calc.calc_gen import calc_datasets
    from .models.calc.hf_calc_llama import models

datasets = calc_datasets
