"""The checked problems of MBPP, with three worked examples in fenced blocks."""

from evalkit.datasets import MBPPEvaluator, SanitizedMBPPDataset
from evalkit.inferencers import GenInferencer
from evalkit.prompts import FixKRetriever, PromptTemplate

sanitized_mbpp_reader_cfg = dict(
    input_columns=['text', 'test_list', 'code'], output_column='test_list_2'
)

sanitized_mbpp_task = (
    'You are an expert Python programmer, and here is your task:\n{text}\nYour code should '
    'pass these tests:\n\n{test_list}\n'
)

sanitized_mbpp_infer_cfg = dict(
    ice_template=dict(
        type=PromptTemplate,
        template=dict(
            begin='</E>',
            round=[
                dict(role='HUMAN', prompt=sanitized_mbpp_task),
                dict(role='BOT', prompt='```python\n{code}\n```'),
            ],
        ),
        ice_token='</E>',
    ),
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            begin='</E>',
            round=[
                dict(role='HUMAN', prompt=sanitized_mbpp_task),
            ],
        ),
        ice_token='</E>',
    ),
    retriever=dict(type=FixKRetriever, fix_id_list=[1, 2, 3]),
    inferencer=dict(type=GenInferencer, max_out_len=512),
)

sanitized_mbpp_eval_cfg = dict(evaluator=dict(type=MBPPEvaluator), pred_role='BOT')

sanitized_mbpp_datasets = [
    dict(
        abbr='sanitized_mbpp',
        type=SanitizedMBPPDataset,
        path='opencompass/sanitized_mbpp',
        reader_cfg=sanitized_mbpp_reader_cfg,
        infer_cfg=sanitized_mbpp_infer_cfg,
        eval_cfg=sanitized_mbpp_eval_cfg,
    )
]
