"""GPQA Diamond, each question four times with shuffled options, as in simple-evals."""

from evalkit.datasets import (
    GPQAEvaluator,
    GPQASimpleEvalDataset,
    gpqa_simple_eval_postprocess,
)
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

gpqa_reader_cfg = dict(
    input_columns=['question', 'A', 'B', 'C', 'D'],
    output_column='answer',
)

gpqa_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt='Think about this question step by step, then end with a line that says '
                    '"ANSWER: X", where X is the letter of the right option.\n\n'
                    '{question}\n\nA) {A}\nB) {B}\nC) {C}\nD) {D}',
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=4096),
)

gpqa_eval_cfg = dict(
    evaluator=dict(type=GPQAEvaluator),
    pred_postprocessor=dict(type=gpqa_simple_eval_postprocess),
)

gpqa_datasets = [
    dict(
        type=GPQASimpleEvalDataset,
        abbr='GPQA_diamond',
        path='./data/gpqa/',
        name='gpqa_diamond.csv',
        reader_cfg=gpqa_reader_cfg,
        infer_cfg=gpqa_infer_cfg,
        eval_cfg=gpqa_eval_cfg,
    ),
]
