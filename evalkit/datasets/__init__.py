"""One file a benchmark; `base` turns what a benchmark loads into samples."""

from evalkit.datasets.base import BaseDataset, Splits, dataset_size, read_dataset
from evalkit.datasets.calc import CalcDataset
from evalkit.datasets.custom import CustomDataset
from evalkit.datasets.gsm8k import (
    GSM8KDataset,
    Gsm8kEvaluator,
    gsm8k_dataset_postprocess,
    gsm8k_postprocess,
)
from evalkit.datasets.mmlu import MMLUDataset

POSTPROCESSORS = {
    'gsm8k': gsm8k_postprocess,
    'gsm8k_dataset': gsm8k_dataset_postprocess,
}
"""The names by which OpenCompass's registry knows them."""

__all__ = [
    'POSTPROCESSORS',
    'BaseDataset',
    'CalcDataset',
    'CustomDataset',
    'GSM8KDataset',
    'Gsm8kEvaluator',
    'MMLUDataset',
    'Splits',
    'dataset_size',
    'gsm8k_dataset_postprocess',
    'gsm8k_postprocess',
    'read_dataset',
]
