"""One file a benchmark; `base` turns what a benchmark loads into samples."""

from functools import partial

from evalkit.datasets.agieval import (
    AGIEvalDataset,
    AGIEvalDatasetV2,
    AGIEvalEvaluator,
    AGIEvalEvaluatorMcq,
    choices_postprocess,
)
from evalkit.datasets.aime2024 import Aime2024Dataset
from evalkit.datasets.arc import ARCDataset
from evalkit.datasets.base import BaseDataset, Splits, dataset_size, read_dataset
from evalkit.datasets.bbh import (
    BBHDataset,
    BBHEvaluator,
    BBHEvaluatorMcq,
    bbh_freeform_postprocess,
    bbh_mcq_postprocess,
)
from evalkit.datasets.bigcodebench import BigCodeBenchDataset, BigCodeBenchEvaluator
from evalkit.datasets.boolq import BoolQDataset, BoolQDatasetV2, BoolQDatasetV3
from evalkit.datasets.calc import CalcDataset
from evalkit.datasets.ceval import CEvalDataset
from evalkit.datasets.cmmlu import CMMLUDataset
from evalkit.datasets.commonsenseqa import CommonsenseQADataset
from evalkit.datasets.custom import CustomChoiceDataset, CustomDataset, OptionSimAccEvaluator
from evalkit.datasets.drop import DropDataset, DropOpenAIDataset, DropOpenAIEvaluator
from evalkit.datasets.gaokao_bench import ALL_TYPES, GaokaoBenchDataset, GaokaoBenchEvaluator
from evalkit.datasets.gpqa import (
    GPQADataset,
    GPQAEvaluator,
    GPQASimpleEvalDataset,
    gpqa_simple_eval_postprocess,
)
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
from evalkit.datasets.humaneval import (
    HumanevalDataset,
    HumanEvalEvaluator,
    humaneval_postprocess_v2,
    humaneval_postprocess_v3,
)
from evalkit.datasets.ifeval import IFEvalDataset
from evalkit.datasets.korbench import KorbenchDataset
from evalkit.datasets.korbench_scoring import KorbenchEvaluator
from evalkit.datasets.lambada import LambadaDataset, LambadaEvaluator
from evalkit.datasets.livecodebench import (
    LCBCodeGenerationDataset,
    LCBCodeGenerationEvaluator,
    LCBDataset,
)
from evalkit.datasets.livecodebench_reading import (
    LCBCodeExecutionDataset,
    LCBCodeExecutionEvaluator,
    LCBTestOutputEvaluator,
    LCBTestOutputPredictionDataset,
)
from evalkit.datasets.livemathbench import LiveMathBenchDataset, LiveMathBenchEvaluator
from evalkit.datasets.llama_factory import LlamaFactoryDataset
from evalkit.datasets.longbench import (
    DATASET_NAMES,
    POSTPROCESSOR_NAMES,
    LongBenchDataset,
    longbench_postprocess,
)
from evalkit.datasets.longbench_scores import (
    LongBenchClassificationEvaluator,
    LongBenchCodeSimEvaluator,
    LongBenchCountEvaluator,
    LongBenchF1Evaluator,
    LongBenchRetrievalEvaluator,
    LongBenchRougeEvaluator,
)
from evalkit.datasets.math import MATHDataset, MATHEvaluator, math_postprocess
from evalkit.datasets.mbpp import (
    MBPPDataset,
    MBPPDatasetV2,
    MBPPEvaluator,
    MBPPPassKEvaluator,
    SanitizedMBPPDataset,
)
from evalkit.datasets.mmlu import MMLUDataset
from evalkit.datasets.mmlu_pro import (
    MMLUProBaseEvaluator,
    MMLUProDataset,
    mmlu_pro_postprocess,
)
from evalkit.datasets.musr import MusrDataset, MusrEvaluator
from evalkit.datasets.nq import NaturalQuestionDataset, NQEvaluator, NQOpenDataset
from evalkit.datasets.obqa import OBQADataset, OBQADatasetV2
from evalkit.datasets.olympiadbench import (
    OlympiadBenchDataset,
    OlympiadBenchEvaluator,
    OlympiadBenchRawTemplate,
    OlympiadBenchTemplate,
    olympiadbench_postprocess_v2,
)
from evalkit.datasets.piqa import PIQADataset, PIQADatasetV2, PIQADatasetV3
from evalkit.datasets.race import RaceDataset
from evalkit.datasets.ruler import (
    RulerCweDataset,
    RulerEvaluator,
    RulerFweDataset,
    RulerNiahDataset,
    RulerQaDataset,
    RulerQaEvaluator,
    RulerVtDataset,
)
from evalkit.datasets.simpleqa import SimpleQADataset, simpleqa_postprocess
from evalkit.datasets.siqa import SiqaDataset, SiqaDatasetV2, SiqaDatasetV3
from evalkit.datasets.theoremqa import (
    TheoremQADataset,
    TheoremQAEvaluatorV3,
    theoremqa_postprocess,
)
from evalkit.datasets.triviaqa import (
    TriviaQADataset,
    TriviaQADatasetV2,
    TriviaQADatasetV3,
    TriviaQAEvaluator,
)
from evalkit.datasets.winogrande import WinograndeDataset, WinograndeDatasetV2, WinograndeDatasetV3

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
"""OpenCompass's names, where they are not how classes are named here."""

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

__all__ = [
    'POSTPROCESSORS',
    'AGIEvalDataset',
    'AGIEvalDataset_v2',
    'AGIEvalEvaluator',
    'AGIEvalEvaluator_mcq',
    'ARCDataset',
    'Aime2024Dataset',
    'BBHDataset',
    'BBHEvaluator',
    'BBHEvaluator_mcq',
    'BaseDataset',
    'BigCodeBenchDataset',
    'BigCodeBenchEvaluator',
    'BoolQDataset',
    'BoolQDatasetV2',
    'BoolQDatasetV3',
    'CEvalDataset',
    'CMMLUDataset',
    'CalcDataset',
    'CustomChoiceDataset',
    'CustomDataset',
    'DropOpenAIDataset',
    'DropOpenAIEvaluator',
    'GPQADataset',
    'GPQAEvaluator',
    'GPQASimpleEvalDataset',
    'GPQA_Simple_Eval_postprocess',
    'GSM8KDataset',
    'GaokaoBenchDataset',
    'GaokaoBenchEvaluator',
    'Gsm8kEvaluator',
    'HellaswagDataset',
    'HellaswagDataset_V2',
    'HellaswagDataset_V3',
    'HellaswagDatasetwithICE',
    'HumanEvalDataset',
    'HumanEvalEvaluator',
    'HumanevalDataset',
    'IFEvalDataset',
    'LCBCodeExecutionDataset',
    'LCBCodeExecutionEvaluator',
    'LCBCodeGenerationDataset',
    'LCBCodeGenerationEvaluator',
    'LCBDataset',
    'LCBTestOutputEvaluator',
    'LCBTestOutputPredictionDataset',
    'LambadaEvaluator',
    'LiveMathBenchDataset',
    'LiveMathBenchEvaluator',
    'LlamaFactoryDataset',
    'LongBenchClassificationEvaluator',
    'LongBenchCodeSimEvaluator',
    'LongBenchCountEvaluator',
    'LongBenchDataset',
    'LongBenchF1Evaluator',
    'LongBenchRetrievalEvaluator',
    'LongBenchRougeEvaluator',
    'MATHDataset',
    'MATHEvaluator',
    'MBPPDataset',
    'MBPPDatasetV2',
    'MBPPEvaluator',
    'MBPPPassKEvaluator',
    'MMLUDataset',
    'MMLUProBaseEvaluator',
    'MMLUProDataset',
    'MusrDataset',
    'MusrEvaluator',
    'NQEvaluator',
    'NQOpenDataset',
    'NaturalQuestionDataset',
    'OBQADataset',
    'OBQADatasetV2',
    'OlympiadBenchDataset',
    'OlympiadBenchEvaluator',
    'OlympiadBenchRawTemplate',
    'OlympiadBenchTemplate',
    'OptionSimAccEvaluator',
    'PIQADataset',
    'PIQADatasetV2',
    'PIQADatasetV3',
    'RaceDataset',
    'RulerCweDataset',
    'RulerEvaluator',
    'RulerFweDataset',
    'RulerNiahDataset',
    'RulerQaDataset',
    'RulerQaEvaluator',
    'RulerVtDataset',
    'SanitizedMBPPDataset',
    'SimpleQADataset',
    'SiqaDatasetV3',
    'Splits',
    'TheoremQADataset',
    'TheoremQAEvaluatorV3',
    'TriviaQADataset',
    'TriviaQADatasetV2',
    'TriviaQADatasetV3',
    'TriviaQAEvaluator',
    'WinograndeDataset',
    'WinograndeDatasetV2',
    'WinograndeDatasetV3',
    'bbh_freeform_postprocess',
    'bbh_mcq_postprocess',
    'choices_postprocess',
    'commonsenseqaDataset',
    'dataset_size',
    'dropDataset',
    'gpqa_simple_eval_postprocess',
    'gsm8k_dataset_postprocess',
    'gsm8k_postprocess',
    'humaneval_internal_v1_postprocess',
    'humaneval_internal_v2_postprocess',
    'humaneval_postprocess',
    'humaneval_postprocess_v2',
    'humaneval_postprocess_v3',
    'korbenchDataset',
    'korbenchEvaluator',
    'lambadaDataset',
    'longbench_postprocess',
    'math_postprocess',
    'math_postprocess_v2',
    'mmlu_pro_postprocess',
    'olympiadbench_postprocess_v2',
    'read_dataset',
    'simpleqa_postprocess',
    'siqaDataset',
    'siqaDataset_V2',
    'theoremqa_postprocess',
]
