"""OlympiadBench's open-ended problems without pictures."""

from evalkit.datasets import OlympiadBenchDataset, OlympiadBenchEvaluator, OlympiadBenchTemplate
from evalkit.inferencers import GenInferencer
from evalkit.prompts import ZeroRetriever

_names = [
    'OE_TO_maths_en_COMP',
    'OE_TO_maths_zh_COMP',
    'OE_TO_maths_zh_CEE',
    'OE_TO_physics_en_COMP',
    'OE_TO_physics_zh_CEE',
]

olympiadbench_datasets = [
    dict(
        abbr=f'OlympiadBench_{_name}',
        type=OlympiadBenchDataset,
        path='opencompass/OlympiadBench',
        name=_name,
        reader_cfg=dict(
            input_columns=['problem', 'instruction', 'advice'], output_column='reference'
        ),
        infer_cfg=dict(
            prompt_template=dict(type=OlympiadBenchTemplate),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=GenInferencer, max_out_len=4096),
        ),
        eval_cfg=dict(evaluator=dict(type=OlympiadBenchEvaluator)),
    )
    for _name in _names
]
