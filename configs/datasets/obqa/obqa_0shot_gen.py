"""OpenBookQA without its book: the model names the answer."""

from evalkit.datasets import OBQADataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.postprocessors import first_option_postprocess
from evalkit.prompts import PromptTemplate, ZeroRetriever

obqa_reader_cfg = dict(
    input_columns=['question_stem', 'A', 'B', 'C', 'D'],
    output_column='answerKey',
)

obqa_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt='Answer the question with the letter of the right option alone.\n'
                    'Question: {question_stem}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\nAnswer:',
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, stopping_criteria=['\nQuestion:']),
)

obqa_eval_cfg = dict(
    evaluator=dict(type=AccEvaluator),
    pred_postprocessor=dict(type=first_option_postprocess, options='ABCD'),
)

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
