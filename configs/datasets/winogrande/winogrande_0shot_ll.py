"""WinoGrande as in its paper: the option after which the rest of the sentence is likelier."""

from evalkit.datasets import WinograndeDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import LLInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

winogrande_datasets = [
    dict(
        abbr='winogrande',
        type=WinograndeDataset,
        path='opencompass/winogrande',
        reader_cfg=dict(input_columns=['opt1', 'opt2', 'cont'], output_column='answer'),
        infer_cfg=dict(
            prompt_template=dict(type=PromptTemplate, template={1: '{opt1}', 2: '{opt2}'}),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=LLInferencer),
        ),
        eval_cfg=dict(evaluator=dict(type=AccEvaluator)),
    ),
]
