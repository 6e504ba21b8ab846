"""One file a benchmark; `base` turns what a benchmark loads into samples."""

from evalkit.datasets.base import BaseDataset, Splits, dataset_size, read_dataset
from evalkit.datasets.bbh import (
    BBHDataset,
    BBHEvaluator,
    BBHEvaluatorMcq,
    bbh_freeform_postprocess,
    bbh_mcq_postprocess,
)
from evalkit.datasets.calc import CalcDataset
from evalkit.datasets.ceval import CEvalDataset
from evalkit.datasets.cmmlu import CMMLUDataset
from evalkit.datasets.custom import CustomDataset
from evalkit.datasets.gsm8k import (
    GSM8KDataset,
    Gsm8kEvaluator,
    gsm8k_dataset_postprocess,
    gsm8k_postprocess,
)
from evalkit.datasets.mmlu import MMLUDataset
from evalkit.datasets.mmlu_pro import (
    MMLUProBaseEvaluator,
    MMLUProDataset,
    mmlu_pro_postprocess,
)

BBHEvaluator_mcq = BBHEvaluatorMcq  # OpenCompass's name

POSTPROCESSORS = {
    'bbh-freeform': bbh_freeform_postprocess,
    'bbh-mcq': bbh_mcq_postprocess,
    'gsm8k': gsm8k_postprocess,
    'gsm8k_dataset': gsm8k_dataset_postprocess,
}
"""The names by which OpenCompass's registry knows them."""

__all__ = [
    'POSTPROCESSORS',
    'BBHDataset',
    'BBHEvaluator',
    'BBHEvaluator_mcq',
    'BaseDataset',
    'CEvalDataset',
    'CMMLUDataset',
    'CalcDataset',
    'CustomDataset',
    'GSM8KDataset',
    'Gsm8kEvaluator',
    'MMLUDataset',
    'MMLUProBaseEvaluator',
    'MMLUProDataset',
    'Splits',
    'bbh_freeform_postprocess',
    'bbh_mcq_postprocess',
    'dataset_size',
    'gsm8k_dataset_postprocess',
    'gsm8k_postprocess',
    'mmlu_pro_postprocess',
    'read_dataset',
]
