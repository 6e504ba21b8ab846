"""CMMLU with the five examples of each subject; the model writes the letter."""

from mmengine.config import read_base

from evalkit.datasets import CMMLUDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.postprocessors import first_option_postprocess
from evalkit.prompts import FixKRetriever, PromptTemplate

with read_base():
    from .cmmlu_all_sets import cmmlu_subjects

cmmlu_reader_cfg = dict(
    input_columns=['question', 'A', 'B', 'C', 'D'],
    output_column='answer',
    train_split='dev',
)


cmmlu_eval_cfg = dict(
    evaluator=dict(type=AccEvaluator),
    pred_postprocessor=dict(type=first_option_postprocess, options='ABCD'),
)

cmmlu_datasets = [
    dict(
        type=CMMLUDataset,
        abbr=f'cmmlu-{_name}',
        path='opencompass/cmmlu',
        name=_name,
        reader_cfg=cmmlu_reader_cfg,
        infer_cfg=dict(
            ice_template=dict(
                type=PromptTemplate,
                template=dict(
                    begin='</E>',
                    round=[
                        dict(
                            role='HUMAN',
                            prompt=f'以下是关于{_title}的单项选择题，请直接给出正确答案的选项。\n'
                            '题目：{question}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\n答案是：',
                        ),
                        dict(role='BOT', prompt='{answer}'),
                    ],
                ),
                ice_token='</E>',
            ),
            retriever=dict(type=FixKRetriever, fix_id_list=[0, 1, 2, 3, 4]),
            inferencer=dict(type=GenInferencer, stopping_criteria=['\n以下是']),
        ),
        eval_cfg=cmmlu_eval_cfg,
    )
    for _name, _title in cmmlu_subjects.items()
]
