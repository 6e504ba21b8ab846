"""MMLU without examples: the model reasons, and ends with the letter on a line of its own."""

from mmengine.config import read_base

from evalkit.datasets import MMLUDataset, mmlu_pro_postprocess
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

with read_base():
    from .mmlu_all_sets import mmlu_all_sets

mmlu_reader_cfg = dict(
    input_columns=['input', 'A', 'B', 'C', 'D'],
    output_column='target',
    train_split='dev',
)

mmlu_eval_cfg = dict(
    evaluator=dict(type=AccEvaluator),
    pred_postprocessor=dict(type=mmlu_pro_postprocess),
)

mmlu_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt='Think about this question step by step, then end with a line that '
                    'says "ANSWER: X", where X is the letter of the right option.\n\n'
                    '{input}\n\nA) {A}\nB) {B}\nC) {C}\nD) {D}',
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer),
)

mmlu_datasets = [
    dict(
        type=MMLUDataset,
        abbr=f'lukaemon_mmlu_{_name}',
        path='opencompass/mmlu',
        name=_name,
        reader_cfg=mmlu_reader_cfg,
        infer_cfg=mmlu_infer_cfg,
        eval_cfg=mmlu_eval_cfg,
    )
    for _name in mmlu_all_sets
]
