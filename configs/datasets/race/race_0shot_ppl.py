"""RACE: the letter that the model finds likeliest."""

from evalkit.datasets import RaceDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import PPLInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

race_reader_cfg = dict(
    input_columns=['article', 'question', 'A', 'B', 'C', 'D'],
    output_column='answer',
    train_split='validation',
)

race_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template={
            _letter: '{article}\n\nQuestion: {question}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\n'
            f'Answer: {_letter}'
            for _letter in 'ABCD'
        },
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=PPLInferencer),
)

race_eval_cfg = dict(evaluator=dict(type=AccEvaluator))

race_datasets = [
    dict(
        type=RaceDataset,
        abbr='race-middle',
        path='opencompass/race',
        name='middle',
        reader_cfg=race_reader_cfg,
        infer_cfg=race_infer_cfg,
        eval_cfg=race_eval_cfg,
    ),
    dict(
        type=RaceDataset,
        abbr='race-high',
        path='opencompass/race',
        name='high',
        reader_cfg=race_reader_cfg,
        infer_cfg=race_infer_cfg,
        eval_cfg=race_eval_cfg,
    ),
]
