"""SocialIQA: the answer that the model finds likeliest after the question."""

from evalkit.datasets import siqaDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import PPLInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

siqa_reader_cfg = dict(
    input_columns=['context', 'question', 'answerA', 'answerB', 'answerC'],
    output_column='label',
    test_split='validation',
)

siqa_infer_cfg = dict(
    prompt_template=dict(
        type=PromptTemplate,
        template={
            _number: f'{{context}}\nQuestion: {{question}}\nAnswer: {{answer{_letter}}}'
            for _number, _letter in [(1, 'A'), (2, 'B'), (3, 'C')]
        },
    ),
    retriever=dict(type=ZeroRetriever),
    inferencer=dict(type=PPLInferencer),
)

siqa_eval_cfg = dict(evaluator=dict(type=AccEvaluator))

siqa_datasets = [
    dict(
        type=siqaDataset,
        abbr='siqa',
        path='opencompass/siqa',
        reader_cfg=siqa_reader_cfg,
        infer_cfg=siqa_infer_cfg,
        eval_cfg=siqa_eval_cfg,
    ),
]
