"""The names by which OpenCompass knows what is here: in configs, and in its registry."""

from functools import partial

from evalkit.datasets.agieval import AGIEvalDatasetV2, AGIEvalEvaluatorMcq
from evalkit.datasets.bbh import BBHEvaluatorMcq, bbh_freeform_postprocess, bbh_mcq_postprocess
from evalkit.datasets.commonsenseqa import CommonsenseQADataset
from evalkit.datasets.drop import DropDataset
from evalkit.datasets.gaokao_bench import ALL_TYPES, GaokaoBenchEvaluator
from evalkit.datasets.gpqa import gpqa_simple_eval_postprocess
from evalkit.datasets.gsm8k import gsm8k_dataset_postprocess, gsm8k_postprocess
from evalkit.datasets.hellaswag import HellaswagDatasetV2, HellaswagDatasetV3
from evalkit.datasets.humaneval import HumanevalDataset, humaneval_postprocess_v2
from evalkit.datasets.korbench import KorbenchDataset
from evalkit.datasets.korbench_scoring import KorbenchEvaluator
from evalkit.datasets.lambada import LambadaDataset
from evalkit.datasets.longbench import DATASET_NAMES, POSTPROCESSOR_NAMES
from evalkit.datasets.math import MATHDataset, MATHEvaluator, math_postprocess
from evalkit.datasets.ruler import RulerEvaluator
from evalkit.datasets.siqa import SiqaDataset, SiqaDatasetV2
from evalkit.datasets.theoremqa import TheoremQADataset, theoremqa_postprocess

BBHEvaluator_mcq = BBHEvaluatorMcq
HumanEvalDataset = HumanevalDataset
humaneval_postprocess = humaneval_postprocess_v2
humaneval_internal_v1_postprocess = humaneval_postprocess_v2
humaneval_internal_v2_postprocess = humaneval_postprocess_v2
HellaswagDataset_V2 = HellaswagDatasetV2
HellaswagDataset_V3 = HellaswagDatasetV3
AGIEvalDataset_v2 = AGIEvalDatasetV2
AGIEvalEvaluator_mcq = AGIEvalEvaluatorMcq
GPQA_Simple_Eval_postprocess = gpqa_simple_eval_postprocess
math_postprocess_v2 = math_postprocess
commonsenseqaDataset = CommonsenseQADataset  # noqa: N816
korbenchDataset = KorbenchDataset  # noqa: N816
korbenchEvaluator = KorbenchEvaluator  # noqa: N816
dropDataset = DropDataset  # noqa: N816
lambadaDataset = LambadaDataset  # noqa: N816
siqaDataset = SiqaDataset  # noqa: N816
siqaDataset_V2 = SiqaDatasetV2  # noqa: N816
"""Where they are not how classes are named here."""

POSTPROCESSORS = {
    **DATASET_NAMES,
    **POSTPROCESSOR_NAMES,
    **{f'Ruler{kind}Evaluator': RulerEvaluator for kind in ('Niah', 'Cwe', 'Fwe', 'Vt')},
    **{f'TheoremQA_postprocess{v}': theoremqa_postprocess for v in ('', '_v2', '_v3', '_v4')},
    'MATHInternDataset': MATHDataset,
    'MATHInternEvaluator': MATHEvaluator,
    'TheoremQA': theoremqa_postprocess,
    'TheoremQADatasetV3': TheoremQADataset,
    'bbh-freeform': bbh_freeform_postprocess,
    'bbh-mcq': bbh_mcq_postprocess,
    'math_postprocess': math_postprocess,
    'math_postprocess_v2': math_postprocess,
    'gsm8k': gsm8k_postprocess,
    'gsm8k_dataset': gsm8k_dataset_postprocess,
    **{
        f'GaokaoBenchEvaluator_{kind}': partial(GaokaoBenchEvaluator, question_type=kind)
        for kind in ALL_TYPES
    },
}
"""The names by which OpenCompass's registry knows them."""
