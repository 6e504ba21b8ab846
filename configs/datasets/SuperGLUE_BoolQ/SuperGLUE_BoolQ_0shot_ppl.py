"""BoolQ: the answer that the model finds likeliest after passage and question."""

from evalkit.datasets import BoolQDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import PPLInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

BoolQ_reader_cfg = dict(
    input_columns=['question', 'passage'],
    output_column='answer',
)

BoolQ_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template={
            0: '{passage}\nQuestion: {question}?\nAnswer: No',
            1: '{passage}\nQuestion: {question}?\nAnswer: Yes',
        },
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=PPLInferencer),
)

BoolQ_eval_cfg = dict(evaluator=dict(type=AccEvaluator))

BoolQ_datasets = [
    dict(
        type=BoolQDataset,
        abbr='BoolQ',
        path='opencompass/boolq',
        reader_cfg=BoolQ_reader_cfg,
        infer_cfg=BoolQ_infer_cfg,
        eval_cfg=BoolQ_eval_cfg,
    ),
]
