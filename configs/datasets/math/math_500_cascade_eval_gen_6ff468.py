"""MATH-500 by math-verify, and by a judge where that finds no right answer."""

from mmengine.config import read_base

from evalkit.datasets import CustomDataset
from evalkit.evaluators import (
    CascadeEvaluator,
    GenericLLMEvaluator,
    MATHVerifyEvaluator,
    generic_llmjudge_postprocess,
)
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

with read_base():
    from ...judges.same_answer import judge_role, same_answer_template

math_reader_cfg = dict(input_columns=['problem'], output_column='solution')

math_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt='{problem}\nPlease reason step by step, and put your final answer '
                    'within \\boxed{}.',
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=2048),
)

math_eval_cfg = dict(
    evaluator=dict(
        type=CascadeEvaluator,
        rule_evaluator=dict(type=MATHVerifyEvaluator),
        llm_evaluator=dict(
            type=GenericLLMEvaluator,
            prompt_template=dict(
                type=PromptTemplate,
                template=dict(
                    begin=[dict(role='SYSTEM', fallback_role='HUMAN', prompt=judge_role)],
                    round=[
                        dict(
                            role='HUMAN',
                            prompt=same_answer_template.replace('{question}', '{problem}'),
                        )
                    ],
                ),
            ),
            dict_postprocessor=dict(type=generic_llmjudge_postprocess),
        ),
        parallel=False,
    ),
)

math_datasets = [
    dict(
        type=CustomDataset,
        abbr='math-500',
        path='opencompass/math',
        file_name='test_prm800k_500.jsonl',
        reader_cfg=math_reader_cfg,
        infer_cfg=math_infer_cfg,
        eval_cfg=math_eval_cfg,
    )
]
