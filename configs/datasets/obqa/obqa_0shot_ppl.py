"""OpenBookQA: the ending that the model finds likeliest after the stem."""

from evalkit.datasets import OBQADataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import PPLInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

obqa_reader_cfg = dict(
    input_columns=['question_stem', 'A', 'B', 'C', 'D'],
    output_column='answerKey',
)

obqa_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template={_letter: f'{{question_stem}} {{{_letter}}}' for _letter in 'ABCD'},
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=PPLInferencer),
)

obqa_eval_cfg = dict(evaluator=dict(type=AccEvaluator))

obqa_datasets = [
    dict(
        type=OBQADataset,
        abbr='openbookqa',
        path='opencompass/openbookqa_test',
        name='main',
        reader_cfg=obqa_reader_cfg,
        infer_cfg=obqa_infer_cfg,
        eval_cfg=obqa_eval_cfg,
    ),
]
