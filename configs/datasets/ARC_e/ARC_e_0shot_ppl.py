"""ARC Easy: the answer that the model finds likeliest after the question."""

from evalkit.datasets import ARCDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import PPLInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

ARC_e_reader_cfg = dict(
    input_columns=['question', 'textA', 'textB', 'textC', 'textD'],
    output_column='answerKey',
)

ARC_e_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template={
            _letter: f'Question: {{question}}\nAnswer: {{text{_letter}}}' for _letter in 'ABCD'
        },
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=PPLInferencer),
)

ARC_e_eval_cfg = dict(evaluator=dict(type=AccEvaluator))

ARC_e_datasets = [
    dict(
        type=ARCDataset,
        abbr='ARC-e',
        path='opencompass/ai2_arc-easy-dev',
        name='ARC-Easy',
        reader_cfg=ARC_e_reader_cfg,
        infer_cfg=ARC_e_infer_cfg,
        eval_cfg=ARC_e_eval_cfg,
    ),
]
