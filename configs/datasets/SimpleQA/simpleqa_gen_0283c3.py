"""SimpleQA: short facts, graded by a judge."""

from mmengine.config import read_base

from evalkit.datasets import SimpleQADataset, simpleqa_postprocess
from evalkit.evaluators import LMEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

with read_base():
    from ...judges.same_answer import judge_role
    from ...judges.short_fact import short_fact_template

simpleqa_reader_cfg = dict(input_columns=['problem'], output_column='answer')

simpleqa_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[dict(role='HUMAN', prompt="Question: {problem}\nLet's think step by step:")]
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=2048),
)

simpleqa_eval_cfg = dict(
    evaluator=dict(
        type=LMEvaluator,
        prompt_template=dict(
            type=PromptTemplate,
            template=dict(
                begin=[dict(role='SYSTEM', fallback_role='HUMAN', prompt=judge_role)],
                round=[dict(role='HUMAN', prompt=short_fact_template)],
            ),
        ),
        dict_postprocessor=dict(type=simpleqa_postprocess),
    ),
    pred_role='BOT',
)

simpleqa_datasets = [
    dict(
        type=SimpleQADataset,
        abbr='simpleqa',
        path='opencompass/simpleqa',
        reader_cfg=simpleqa_reader_cfg,
        infer_cfg=simpleqa_infer_cfg,
        eval_cfg=simpleqa_eval_cfg,
    )
]
