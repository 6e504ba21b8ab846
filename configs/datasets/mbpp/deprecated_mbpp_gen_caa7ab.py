"""MBPP as in `mbpp_gen_830460`, and the prompt tells of the tags (OpenCompass's older one)."""

from evalkit.datasets import MBPPDataset, MBPPEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import FixKRetriever, PromptTemplate

mbpp_reader_cfg = dict(input_columns=['text', 'test_list', 'code'], output_column='test_list_2')

mbpp_task = (
    'You are an expert Python programmer, and here is your task: {text} Your code should '
    'pass these tests:\n\n {test_list}  \n'
    '\nYour code should start with a [BEGIN] tag and end with a [DONE] tag.\n'
)

mbpp_infer_cfg = dict(
    ice_template=dict(
        type=PromptTemplate,
        template=dict(
            begin='</E>',
            round=[
                dict(role='HUMAN', prompt=mbpp_task),
                dict(role='BOT', prompt='[BEGIN]\n{code}\n[DONE] \n\n '),
            ],
        ),
        ice_token='</E>',
    ),
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            begin='</E>',
            round=[
                dict(role='HUMAN', prompt=mbpp_task),
                dict(role='BOT', prompt='[BEGIN]\n'),
            ],
        ),
        ice_token='</E>',
    ),
    retriever=dict(type=FixKRetriever, fix_id_list=[1, 2, 3]),
    inferencer=dict(type=GenInferencer, max_out_len=512),
)

mbpp_eval_cfg = dict(evaluator=dict(type=MBPPEvaluator), pred_role='BOT')

mbpp_datasets = [
    dict(
        abbr='mbpp',
        type=MBPPDataset,
        path='opencompass/mbpp',
        reader_cfg=mbpp_reader_cfg,
        infer_cfg=mbpp_infer_cfg,
        eval_cfg=mbpp_eval_cfg,
    )
]
