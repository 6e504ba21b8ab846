"""SocialIQA without examples: the model names the answer."""

from evalkit.datasets import SiqaDatasetV3
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.postprocessors import first_option_postprocess
from evalkit.prompts import PromptTemplate, ZeroRetriever

siqa_reader_cfg = dict(
    input_columns=['context', 'question', 'A', 'B', 'C'],
    output_column='answer',
    test_split='validation',
)

siqa_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt='Answer the question with the letter of the right option alone.\n'
                    '{context}\nQuestion: {question}\nA. {A}\nB. {B}\nC. {C}\nAnswer:',
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, stopping_criteria=['\nQuestion:']),
)

siqa_eval_cfg = dict(
    evaluator=dict(type=AccEvaluator),
    pred_postprocessor=dict(type=first_option_postprocess, options='ABC'),
)

siqa_datasets = [
    dict(
        type=SiqaDatasetV3,
        abbr='siqa',
        path='opencompass/siqa',
        reader_cfg=siqa_reader_cfg,
        infer_cfg=siqa_infer_cfg,
        eval_cfg=siqa_eval_cfg,
    ),
]
