"""One file a benchmark; `base` turns what a benchmark loads into samples."""

from evalkit.datasets.arc import ARCDataset
from evalkit.datasets.base import BaseDataset, Splits, dataset_size, read_dataset
from evalkit.datasets.bbh import (
    BBHDataset,
    BBHEvaluator,
    BBHEvaluatorMcq,
    bbh_freeform_postprocess,
    bbh_mcq_postprocess,
)
from evalkit.datasets.boolq import BoolQDataset, BoolQDatasetV2, BoolQDatasetV3
from evalkit.datasets.calc import CalcDataset
from evalkit.datasets.ceval import CEvalDataset
from evalkit.datasets.cmmlu import CMMLUDataset
from evalkit.datasets.commonsenseqa import CommonsenseQADataset
from evalkit.datasets.custom import CustomDataset
from evalkit.datasets.gsm8k import (
    GSM8KDataset,
    Gsm8kEvaluator,
    gsm8k_dataset_postprocess,
    gsm8k_postprocess,
)
from evalkit.datasets.hellaswag import (
    HellaswagDataset,
    HellaswagDatasetV2,
    HellaswagDatasetV3,
    HellaswagDatasetwithICE,
)
from evalkit.datasets.mmlu import MMLUDataset
from evalkit.datasets.mmlu_pro import (
    MMLUProBaseEvaluator,
    MMLUProDataset,
    mmlu_pro_postprocess,
)
from evalkit.datasets.obqa import OBQADataset, OBQADatasetV2
from evalkit.datasets.piqa import PIQADataset, PIQADatasetV2, PIQADatasetV3
from evalkit.datasets.race import RaceDataset
from evalkit.datasets.siqa import SiqaDataset, SiqaDatasetV2, SiqaDatasetV3
from evalkit.datasets.winogrande import WinograndeDataset, WinograndeDatasetV2, WinograndeDatasetV3

BBHEvaluator_mcq = BBHEvaluatorMcq
HellaswagDataset_V2 = HellaswagDatasetV2
HellaswagDataset_V3 = HellaswagDatasetV3
commonsenseqaDataset = CommonsenseQADataset  # noqa: N816
siqaDataset = SiqaDataset  # noqa: N816
siqaDataset_V2 = SiqaDatasetV2  # noqa: N816
"""OpenCompass's names, where they are not how classes are named here."""

POSTPROCESSORS = {
    'bbh-freeform': bbh_freeform_postprocess,
    'bbh-mcq': bbh_mcq_postprocess,
    'gsm8k': gsm8k_postprocess,
    'gsm8k_dataset': gsm8k_dataset_postprocess,
}
"""The names by which OpenCompass's registry knows them."""

__all__ = [
    'POSTPROCESSORS',
    'ARCDataset',
    'BBHDataset',
    'BBHEvaluator',
    'BBHEvaluator_mcq',
    'BaseDataset',
    'BoolQDataset',
    'BoolQDatasetV2',
    'BoolQDatasetV3',
    'CEvalDataset',
    'CMMLUDataset',
    'CalcDataset',
    'CustomDataset',
    'GSM8KDataset',
    'Gsm8kEvaluator',
    'HellaswagDataset',
    'HellaswagDataset_V2',
    'HellaswagDataset_V3',
    'HellaswagDatasetwithICE',
    'MMLUDataset',
    'MMLUProBaseEvaluator',
    'MMLUProDataset',
    'OBQADataset',
    'OBQADatasetV2',
    'PIQADataset',
    'PIQADatasetV2',
    'PIQADatasetV3',
    'RaceDataset',
    'SiqaDatasetV3',
    'Splits',
    'WinograndeDataset',
    'WinograndeDatasetV2',
    'WinograndeDatasetV3',
    'bbh_freeform_postprocess',
    'bbh_mcq_postprocess',
    'commonsenseqaDataset',
    'dataset_size',
    'gsm8k_dataset_postprocess',
    'gsm8k_postprocess',
    'mmlu_pro_postprocess',
    'read_dataset',
    'siqaDataset',
    'siqaDataset_V2',
]
