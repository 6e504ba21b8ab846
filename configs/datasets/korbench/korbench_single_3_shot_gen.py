"""KOR-Bench with three solved questions, one rule at a time."""

from evalkit.datasets import korbenchDataset, korbenchEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

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

korbench_eval_cfg = dict(evaluator=dict(type=korbenchEvaluator))

korbench_datasets = [
    dict(
        type=korbenchDataset,
        abbr=f'korbench_{category}_3_shot',
        path='opencompass/korbench',
        prompt_mode='3_shot',
        category=category,
        reader_cfg=korbench_reader_cfg,
        infer_cfg=korbench_infer_cfg,
        eval_cfg=korbench_eval_cfg,
    )
    for category in korbench_categories
]
