"""BIG-Bench Hard with the three worked examples of each task."""

from mmengine.config import read_base

from evalkit.datasets import BBHDataset, BBHEvaluator, BBHEvaluator_mcq, bbh_mcq_postprocess
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

with read_base():
    from .bbh_all_sets import bbh_free_form_sets, bbh_multiple_choice_sets

bbh_reader_cfg = dict(input_columns=['input'], output_column='target')

bbh_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt="{examples}\n\nQ: {input}\nA: Let's think step by step.",
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=1024, stopping_criteria=['\n\nQ:']),
)

bbh_mcq_eval_cfg = dict(
    evaluator=dict(type=BBHEvaluator_mcq),
    pred_postprocessor=dict(type=bbh_mcq_postprocess),
    dataset_postprocessor=dict(type=bbh_mcq_postprocess),
)

bbh_free_form_eval_cfg = dict(evaluator=dict(type=BBHEvaluator))

bbh_datasets = [
    dict(
        type=BBHDataset,
        abbr=f'bbh-{_name}',
        path='opencompass/bbh',
        name=_name,
        examples=True,
        reader_cfg=bbh_reader_cfg,
        infer_cfg=bbh_infer_cfg,
        eval_cfg=_eval_cfg,
    )
    for _names, _eval_cfg in [
        (bbh_multiple_choice_sets, bbh_mcq_eval_cfg),
        (bbh_free_form_sets, bbh_free_form_eval_cfg),
    ]
    for _name in _names
]
