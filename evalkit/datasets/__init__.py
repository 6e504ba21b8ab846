"""One file a benchmark; `base` turns what a benchmark loads into samples."""

from evalkit.datasets.base import BaseDataset, Splits, dataset_size, read_dataset
from evalkit.datasets.calc import CalcDataset
from evalkit.datasets.custom import CustomDataset

__all__ = ['BaseDataset', 'CalcDataset', 'CustomDataset', 'Splits', 'dataset_size', 'read_dataset']
