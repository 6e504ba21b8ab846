"""GSM8K by math-verify, and by a judge where that finds no right answer."""

from mmengine.config import read_base

from evalkit.datasets import GSM8KDataset, gsm8k_dataset_postprocess
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

gsm8k_reader_cfg = dict(input_columns=['question'], output_column='answer')

gsm8k_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt='{question}\nPlease reason step by step, and put your final answer '
                    'within \\boxed{}.',
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=512),
)

gsm8k_eval_cfg = dict(
    evaluator=dict(
        type=CascadeEvaluator,
        rule_evaluator=dict(type=MATHVerifyEvaluator),
        llm_evaluator=dict(
            type=GenericLLMEvaluator,
            prompt_template=dict(
                type=PromptTemplate,
                template=dict(
                    begin=[dict(role='SYSTEM', fallback_role='HUMAN', prompt=judge_role)],
                    round=[dict(role='HUMAN', prompt=same_answer_template)],
                ),
            ),
            dict_postprocessor=dict(type=generic_llmjudge_postprocess),
        ),
        parallel=False,
    ),
    dataset_postprocessor=dict(type=gsm8k_dataset_postprocess),
)

gsm8k_datasets = [
    dict(
        type=GSM8KDataset,
        abbr='gsm8k',
        path='opencompass/gsm8k',
        reader_cfg=gsm8k_reader_cfg,
        infer_cfg=gsm8k_infer_cfg,
        eval_cfg=gsm8k_eval_cfg,
    )
]
