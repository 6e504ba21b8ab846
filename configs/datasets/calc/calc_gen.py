"""100 arithmetic problems; the answer is the `infer` of the JSON object that the model writes."""

from evalkit.datasets import CalcDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.postprocessors import json_field, number
from evalkit.prompts import PromptTemplate, ZeroRetriever

calc_reader_cfg = dict(input_columns=['question'], output_column='answer')

calc_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(round=[dict(role='HUMAN', prompt='{question}')]),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=512),
)

calc_eval_cfg = dict(
    evaluator=dict(type=AccEvaluator),
    pred_postprocessor=dict(type=json_field, field='infer'),
    dataset_postprocessor=dict(type=number),
)

calc_datasets = [
    dict(
        type=CalcDataset,
        abbr='calc',
        path='data/calculate.json',
        reader_cfg=calc_reader_cfg,
        infer_cfg=calc_infer_cfg,
        eval_cfg=calc_eval_cfg,
    )
]
