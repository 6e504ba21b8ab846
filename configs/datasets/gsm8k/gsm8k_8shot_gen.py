"""GSM8K with the first eight problems of its train split as examples, also for base models."""

from mmengine.config import read_base

from evalkit.datasets import GSM8KDataset
from evalkit.inferencers import GenInferencer
from evalkit.prompts import FixKRetriever, PromptTemplate

with read_base():
    from .gsm8k_0shot_gen_a58960 import gsm8k_eval_cfg, gsm8k_reader_cfg

gsm8k_8shot_infer_cfg = dict(
    ice_template=dict(
        type=PromptTemplate,
        template=dict(
            begin='</E>',
            round=[
                dict(role='HUMAN', prompt='Question: {question}\nAnswer:'),
                dict(role='BOT', prompt='{answer}'),
            ],
        ),
        ice_token='</E>',
    ),
    retriever=dict(type=FixKRetriever, fix_id_list=list(range(8))),
    inferencer=dict(type=GenInferencer, max_out_len=512, stopping_criteria=['Question:']),
)

gsm8k_datasets = [
    dict(
        abbr='gsm8k',
        type=GSM8KDataset,
        path='opencompass/gsm8k',
        reader_cfg=gsm8k_reader_cfg,
        infer_cfg=gsm8k_8shot_infer_cfg,
        eval_cfg=gsm8k_eval_cfg,
    )
]
