"""The checked problems of MBPP without examples; the prompt asks for a fenced block."""

from evalkit.datasets import MBPPEvaluator, SanitizedMBPPDataset
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

sanitized_mbpp_reader_cfg = dict(
    input_columns=['text', 'test_list', 'code'], output_column='test_list_2'
)

sanitized_mbpp_task = (
    'You are an expert Python programmer, and here is your task:\n{text}\nYour code should '
    'pass these tests:\n\n{test_list}\n'
    ' You should submit your final solution in the following format: ```python\n\n```'
)

sanitized_mbpp_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(role='HUMAN', prompt=sanitized_mbpp_task),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
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
