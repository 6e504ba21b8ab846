"""MMLU with the five examples of each subject; the model writes the letter."""

from mmengine.config import read_base

from evalkit.datasets import MMLUDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.postprocessors import first_option_postprocess
from evalkit.prompts import FixKRetriever, PromptTemplate

with read_base():
    from .mmlu_all_sets import mmlu_all_sets

mmlu_reader_cfg = dict(
    input_columns=['input', 'A', 'B', 'C', 'D'],
    output_column='target',
    train_split='dev',
)

mmlu_eval_cfg = dict(
    evaluator=dict(type=AccEvaluator),
    pred_postprocessor=dict(type=first_option_postprocess, options='ABCD'),
)

_question = '{input}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\nAnswer:'

mmlu_datasets = [
    dict(
        type=MMLUDataset,
        abbr=f'lukaemon_mmlu_{_name}',
        path='opencompass/mmlu',
        name=_name,
        reader_cfg=mmlu_reader_cfg,
        infer_cfg=dict(
            ice_template=dict(
                type=PromptTemplate,
                template=dict(
                    begin='</E>',
                    round=[
                        dict(
                            role='HUMAN',
                            prompt='Answer the question about '
                            + _name.replace('_', ' ')
                            + ' with the letter of the right option alone.\n'
                            + _question,
                        ),
                        dict(role='BOT', prompt='{target}'),
                    ],
                ),
                ice_token='</E>',
            ),
            retriever=dict(type=FixKRetriever, fix_id_list=[0, 1, 2, 3, 4]),
            inferencer=dict(type=GenInferencer, stopping_criteria=['Answer the question about']),
        ),
        eval_cfg=mmlu_eval_cfg,
    )
    for _name in mmlu_all_sets
]
