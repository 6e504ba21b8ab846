"""NQ-Open with one example of its train split."""

from evalkit.datasets import NQEvaluator, NQOpenDataset
from evalkit.inferencers import GenInferencer
from evalkit.prompts import FixKRetriever, PromptTemplate

nq_reader_cfg = dict(
    input_columns=['question'],
    output_column='answer',
    train_split='train',
    test_split='validation',
)

nq_infer_cfg = dict(
    ice_template=dict(
        type=PromptTemplate,
        template=dict(
            begin='</E>',
            round=[
                dict(
                    role='HUMAN',
                    prompt='Answer the question as shortly as you can: name the answer alone.\n'
                    'Question: {question}\nAnswer:',
                ),
                dict(role='BOT', prompt='{answer}'),
            ],
        ),
        ice_token='</E>',
    ),
    retriever=dict(type=FixKRetriever, fix_id_list=[0]),
    inferencer=dict(
        type=GenInferencer,
        max_out_len=64,
        stopping_criteria=['\nQuestion:', '\nAnswer the question'],
    ),
)

nq_eval_cfg = dict(evaluator=dict(type=NQEvaluator))

nq_datasets = [
    dict(
        type=NQOpenDataset,
        abbr='nq_open_1shot',
        path='opencompass/nq_open',
        reader_cfg=nq_reader_cfg,
        infer_cfg=nq_infer_cfg,
        eval_cfg=nq_eval_cfg,
    ),
]
