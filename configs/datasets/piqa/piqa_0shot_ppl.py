"""PIQA: the solution that the model finds likeliest after the goal."""

from evalkit.datasets import PIQADataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import PPLInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

piqa_reader_cfg = dict(
    input_columns=['goal', 'sol1', 'sol2'],
    output_column='label',
    test_split='validation',
)

piqa_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template={0: '{goal} {sol1}', 1: '{goal} {sol2}'},
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=PPLInferencer),
)

piqa_eval_cfg = dict(evaluator=dict(type=AccEvaluator))

piqa_datasets = [
    dict(
        type=PIQADataset,
        abbr='piqa',
        path='opencompass/piqa',
        reader_cfg=piqa_reader_cfg,
        infer_cfg=piqa_infer_cfg,
        eval_cfg=piqa_eval_cfg,
    ),
]
