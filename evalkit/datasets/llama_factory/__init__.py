"""LLaMA-Factory's datasets, as its `dataset_info.json` registers them.

The formats are those of https://github.com/hiyouga/LLaMA-Factory/blob/main/data/README.md.
"""

from evalkit.datasets.llama_factory.dataset import LlamaFactoryDataset

__all__ = ['LlamaFactoryDataset']
