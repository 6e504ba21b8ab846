"""MuSR without examples: the model reasons with a hint, and ends with a number."""

from evalkit.datasets import MusrDataset, MusrEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

musr_reader_cfg = dict(
    input_columns=['prompt'],
    output_column='gold_answer',
)

musr_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt='{prompt}',
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=2048),
)

musr_eval_cfg = dict(evaluator=dict(type=MusrEvaluator))

musr_datasets = [
    dict(
        type=MusrDataset,
        abbr='musr_murder_mysteries',
        path='opencompass/musr',
        name='murder_mysteries',
        reader_cfg=musr_reader_cfg,
        infer_cfg=musr_infer_cfg,
        eval_cfg=musr_eval_cfg,
    ),
    dict(
        type=MusrDataset,
        abbr='musr_object_placements',
        path='opencompass/musr',
        name='object_placements',
        reader_cfg=musr_reader_cfg,
        infer_cfg=musr_infer_cfg,
        eval_cfg=musr_eval_cfg,
    ),
    dict(
        type=MusrDataset,
        abbr='musr_team_allocation',
        path='opencompass/musr',
        name='team_allocation',
        reader_cfg=musr_reader_cfg,
        infer_cfg=musr_infer_cfg,
        eval_cfg=musr_eval_cfg,
    ),
]
