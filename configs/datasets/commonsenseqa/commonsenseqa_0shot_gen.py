"""CommonsenseQA without examples: the model names the answer."""

from evalkit.datasets import commonsenseqaDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.postprocessors import first_option_postprocess
from evalkit.prompts import PromptTemplate, ZeroRetriever

commonsenseqa_reader_cfg = dict(
    input_columns=['question', 'A', 'B', 'C', 'D', 'E'],
    output_column='answerKey',
    test_split='validation',
)

commonsenseqa_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template=dict(
            round=[
                dict(
                    role='HUMAN',
                    prompt='Answer the question with the letter of the right option alone.\n'
                    'Question: {question}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\nE. {E}\nAnswer:',
                ),
            ],
        ),
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=GenInferencer, stopping_criteria=['\nQuestion:']),
)

commonsenseqa_eval_cfg = dict(
    evaluator=dict(type=AccEvaluator),
    pred_postprocessor=dict(type=first_option_postprocess, options='ABCDE'),
)

commonsenseqa_datasets = [
    dict(
        type=commonsenseqaDataset,
        abbr='commonsense_qa',
        path='opencompass/commonsense_qa',
        reader_cfg=commonsenseqa_reader_cfg,
        infer_cfg=commonsenseqa_infer_cfg,
        eval_cfg=commonsenseqa_eval_cfg,
    ),
]
