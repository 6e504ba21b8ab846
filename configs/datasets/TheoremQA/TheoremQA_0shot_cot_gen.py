"""TheoremQA, with reasoning."""

from evalkit.datasets import TheoremQADataset, TheoremQAEvaluatorV3, theoremqa_postprocess
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

_prompt = (
    'Solve the problem below step by step. End with a line "The answer is" and the answer alone, '
    'which is a number without a unit, a list of numbers such as [2, 3, 4], True or False, or an '
    'option such as (a).\n\nProblem: {Question}'
)

TheoremQA_datasets = [
    dict(
        abbr='TheoremQA',
        type=TheoremQADataset,
        path='data/TheoremQA/theoremqa_test.json',
        reader_cfg=dict(
            input_columns=['Question', 'Answer_type'], output_column='Answer', train_split='test'
        ),
        infer_cfg=dict(
            prompt_template=dict(
                type=PromptTemplate, template=dict(round=[dict(role='HUMAN', prompt=_prompt)])
            ),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=GenInferencer, max_out_len=1024),
        ),
        eval_cfg=dict(
            evaluator=dict(type=TheoremQAEvaluatorV3),
            pred_postprocessor=dict(type=theoremqa_postprocess),
        ),
    )
]
