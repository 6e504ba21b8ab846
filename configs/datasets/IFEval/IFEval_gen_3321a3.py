"""IFEval: prompts as they are, checked by programs."""

from evalkit.datasets import IFEvalDataset
from evalkit.evaluators import IFEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

ifeval_reader_cfg = dict(input_columns=['prompt'], output_column='reference')

ifeval_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(round=[dict(role='HUMAN', prompt='{prompt}')]),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=1025),
)

ifeval_eval_cfg = dict(evaluator=dict(type=IFEvaluator), pred_role='BOT')

ifeval_datasets = [
    dict(
        type=IFEvalDataset,
        abbr='IFEval',
        path='data/ifeval/input_data.jsonl',
        reader_cfg=ifeval_reader_cfg,
        infer_cfg=ifeval_infer_cfg,
        eval_cfg=ifeval_eval_cfg,
    )
]
