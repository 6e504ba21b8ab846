"""Natural Questions without examples."""

from evalkit.datasets import NaturalQuestionDataset, NQEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

nq_reader_cfg = dict(
    input_columns=['question'],
    output_column='answer',
    train_split='dev',
    test_split='test',
)

nq_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt='Answer the question as shortly as you can: name the answer alone.\n'
                    'Question: {question}\nAnswer:',
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(
        type=GenInferencer,
        max_out_len=64,
        stopping_criteria=['\nQuestion:', '\nAnswer the question'],
    ),
)

nq_eval_cfg = dict(evaluator=dict(type=NQEvaluator))

nq_datasets = [
    dict(
        type=NaturalQuestionDataset,
        abbr='nq',
        path='opencompass/natural_question',
        reader_cfg=nq_reader_cfg,
        infer_cfg=nq_infer_cfg,
        eval_cfg=nq_eval_cfg,
    ),
]
