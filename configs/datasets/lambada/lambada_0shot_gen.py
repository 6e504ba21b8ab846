"""LAMBADA as a task for chat models: the next word alone."""

from evalkit.datasets import LambadaEvaluator, lambadaDataset
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

lambada_reader_cfg = dict(
    input_columns=['prompt'],
    output_column='label',
    train_split='test',
    test_split='test',
)

lambada_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt='Which word comes next in this text? Write that word alone.\n\n{prompt}',
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, max_out_len=8),
)

lambada_eval_cfg = dict(evaluator=dict(type=LambadaEvaluator))

lambada_datasets = [
    dict(
        type=lambadaDataset,
        abbr='lambada',
        path='opencompass/lambada',
        reader_cfg=lambada_reader_cfg,
        infer_cfg=lambada_infer_cfg,
        eval_cfg=lambada_eval_cfg,
    ),
]
