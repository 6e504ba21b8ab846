"""MMLU as in its paper: five examples, and the letter that the model finds likeliest."""

from mmengine.config import read_base

from evalkit.datasets import MMLUDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import PPLInferencer
from evalkit.prompts import FixKRetriever, PromptTemplate

with read_base():
    from .mmlu_all_sets import mmlu_all_sets

mmlu_reader_cfg = dict(
    input_columns=['input', 'A', 'B', 'C', 'D'],
    output_column='target',
    train_split='dev',
)

mmlu_eval_cfg = dict(evaluator=dict(type=AccEvaluator))

_head = 'The following are multiple choice questions (with answers) about {subject}.\n\n'
_question = '{input}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\nAnswer:'

mmlu_datasets = [
    dict(
        type=MMLUDataset,
        abbr=f'lukaemon_mmlu_{_name}',
        path='opencompass/mmlu',
        name=_name,
        reader_cfg=mmlu_reader_cfg,
        infer_cfg=dict(
            ice_template=dict(type=PromptTemplate, template=_question + ' {target}\n'),
            prompt_template=dict(
                type=PromptTemplate,
                template={
                    _letter: _head.replace('{subject}', _name.replace('_', ' '))
                    + f'</E>{_question} {_letter}'
                    for _letter in 'ABCD'
                },
                ice_token='</E>',
            ),
            retriever=dict(type=FixKRetriever, fix_id_list=[0, 1, 2, 3, 4]),
            inferencer=dict(type=PPLInferencer),
        ),
        eval_cfg=mmlu_eval_cfg,
    )
    for _name in mmlu_all_sets
]
