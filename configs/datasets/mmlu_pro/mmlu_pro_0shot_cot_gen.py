"""MMLU-Pro without examples: the model reasons, and ends with the letter."""

from mmengine.config import read_base

from evalkit.datasets import MMLUProDataset, mmlu_pro_postprocess
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

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
            prompt_template=dict(
                type=PromptTemplate,
                template=dict(
                    round=[
                        dict(
                            role='HUMAN',
                            prompt=f'Think about this question on {_category} step by step, then '
                            'end with a line that says "ANSWER: X", where X is the letter of the '
                            'right option.\n\n{question}\n\n{options_str}',
                        ),
                    ],
                ),
            ),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=GenInferencer),
        ),
        eval_cfg=mmlu_pro_eval_cfg,
    )
    for _category in categories
]
