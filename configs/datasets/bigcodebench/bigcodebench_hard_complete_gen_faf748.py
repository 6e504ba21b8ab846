"""BigCodeBench, the 148 harder problems; the model goes on after a docstring."""

from evalkit.datasets import BigCodeBenchDataset, BigCodeBenchEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

bigcodebench_reader_cfg = dict(input_columns=['complete_prompt'], output_column='test')

bigcodebench_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(round=[dict(role='HUMAN', prompt='{complete_prompt}')]),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=1024),
)

bigcodebench_eval_cfg = dict(
    evaluator=dict(type=BigCodeBenchEvaluator, eval_type='complete'), pred_role='BOT'
)

bigcodebench_hard_complete_datasets = [
    dict(
        abbr='bigcodebench_hard_complete',
        type=BigCodeBenchDataset,
        path='opencompass/bigcodebench',
        reader_cfg=bigcodebench_reader_cfg,
        infer_cfg=bigcodebench_infer_cfg,
        eval_cfg=bigcodebench_eval_cfg,
        dataset_version='hard',
    )
]
