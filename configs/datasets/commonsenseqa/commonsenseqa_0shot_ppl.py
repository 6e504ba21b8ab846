"""CommonsenseQA: the answer that the model finds likeliest after the question."""

from evalkit.datasets import commonsenseqaDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import PPLInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

commonsenseqa_reader_cfg = dict(
    input_columns=['question', 'A', 'B', 'C', 'D', 'E'],
    output_column='answerKey',
    test_split='validation',
)

commonsenseqa_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template={_letter: f'Question: {{question}}\nAnswer: {{{_letter}}}' for _letter in 'ABCDE'},
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=PPLInferencer),
)

commonsenseqa_eval_cfg = dict(evaluator=dict(type=AccEvaluator))

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
