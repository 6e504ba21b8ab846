"""KOR-Bench by a judge."""

from mmengine.config import read_base

from evalkit.datasets import korbenchDataset
from evalkit.evaluators import GenericLLMEvaluator, generic_llmjudge_postprocess
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

with read_base():
    from ...judges.same_answer import judge_role, same_answer_template

korbench_categories = ['cipher', 'counterfactual', 'logic', 'operation', 'puzzle']

korbench_reader_cfg = dict(input_columns=['prompt'], output_column='reference')

korbench_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(round=[dict(role='HUMAN', prompt='{prompt}')]),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=1024),
)

# The rule belongs to the question; of the reference a judge needs the answer only.
korbench_judge_template = same_answer_template.replace('{question}', '{prompt}').replace(
    '{reference}', '{answer}'
)

korbench_eval_cfg = dict(
    evaluator=dict(
        type=GenericLLMEvaluator,
        prompt_template=dict(
            type=PromptTemplate,
            template=dict(
                begin=[dict(role='SYSTEM', fallback_role='HUMAN', prompt=judge_role)],
                round=[dict(role='HUMAN', prompt=korbench_judge_template)],
            ),
        ),
        dict_postprocessor=dict(type=generic_llmjudge_postprocess),
    )
)

korbench_datasets = [
    dict(
        type=korbenchDataset,
        abbr=f'korbench_{category}',
        path='opencompass/korbench',
        prompt_mode='0_shot',
        category=category,
        reader_cfg=korbench_reader_cfg,
        infer_cfg=korbench_infer_cfg,
        eval_cfg=korbench_eval_cfg,
    )
    for category in korbench_categories
]
