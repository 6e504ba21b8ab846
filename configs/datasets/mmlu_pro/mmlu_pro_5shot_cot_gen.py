"""MMLU-Pro as in its paper: five worked examples of the category."""

from mmengine.config import read_base

from evalkit.datasets import MMLUProDataset, mmlu_pro_postprocess
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import FixKRetriever, PromptTemplate

with read_base():
    from .mmlu_pro_categories import categories

mmlu_pro_reader_cfg = dict(
    input_columns=['question', 'options_str', 'cot_content'],
    output_column='answer',
    train_split='validation',
)

mmlu_pro_eval_cfg = dict(
    evaluator=dict(type=AccEvaluator),
    pred_postprocessor=dict(type=mmlu_pro_postprocess),
)

mmlu_pro_datasets = [
    dict(
        type=MMLUProDataset,
        abbr=f'mmlu_pro_{_category.replace(" ", "_")}',
        path='opencompass/mmlu_pro',
        category=_category,
        reader_cfg=mmlu_pro_reader_cfg,
        infer_cfg=dict(
            ice_template=dict(
                type=PromptTemplate,
                template=dict(
                    round=[
                        dict(
                            role='HUMAN',
                            prompt='Question:\n{question}\nOptions:\n{options_str}\n'
                            "Answer: Let's think step by step.",
                        ),
                        dict(role='BOT', prompt='{cot_content}\n'),
                    ],
                ),
            ),
            prompt_template=dict(
                type=PromptTemplate,
                template=dict(
                    begin=[
                        dict(
                            role='SYSTEM',
                            fallback_role='HUMAN',
                            prompt='The following are multiple choice questions (with answers) '
                            f'about {_category}. Think step by step and then finish your answer '
                            'with "the answer is (X)" where X is the correct letter choice.\n',
                        ),
                        '</E>',
                    ],
                    round=[
                        dict(
                            role='HUMAN',
                            prompt='Question:\n{question}\nOptions:\n{options_str}\n'
                            "Answer: Let's think step by step.",
                        ),
                    ],
                ),
                ice_token='</E>',
            ),
            retriever=dict(type=FixKRetriever, fix_id_list=[0, 1, 2, 3, 4]),
            inferencer=dict(type=GenInferencer, stopping_criteria=['Question:']),
        ),
        eval_cfg=mmlu_pro_eval_cfg,
    )
    for _category in categories
]
