"""LiveMathBench, each problem asked 16 times: G-Pass@4, @8 and @16."""

from evalkit.datasets import LiveMathBenchDataset, LiveMathBenchEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

livemathbench_datasets = [
    dict(
        abbr=f'LiveMathBench-v202412_{_split}_{_language}',
        type=LiveMathBenchDataset,
        path='opencompass/LiveMathBench',
        dataset_splits=[_split],
        dataset_languages=[_language],
        version='202412',
        n=16,
        k=[4, 8, 16],
        reader_cfg=dict(input_columns=['prompt'], output_column='answer'),
        infer_cfg=dict(
            prompt_template=dict(
                type=PromptTemplate, template=dict(round=[dict(role='HUMAN', prompt='{prompt}')])
            ),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(
                type=GenInferencer,
                max_out_len=8192,
                generation_kwargs=dict(temperature=1.0, top_p=0.8, seed=42),
            ),
        ),
        eval_cfg=dict(evaluator=dict(type=LiveMathBenchEvaluator)),
    )
    for _split in ('CNMO', 'CCEE', 'AMC', 'WLPMC')
    for _language in ('cn', 'en')
]
