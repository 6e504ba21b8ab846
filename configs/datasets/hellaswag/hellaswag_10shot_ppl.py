"""HellaSwag with ten examples: the ending that the model finds likeliest."""

from evalkit.datasets import HellaswagDatasetwithICE
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import PPLInferencer
from evalkit.prompts import FixKRetriever, PromptTemplate

hellaswag_reader_cfg = dict(
    input_columns=['ctx', 'A', 'B', 'C', 'D'],
    output_column='label',
    train_split='train',
    test_split='val',
)

hellaswag_infer_cfg = dict(
    ice_template=dict(
        type=PromptTemplate,
        template={_letter: f'{{ctx}} {{{_letter}}}' for _letter in 'ABCD'},
    ),
    prompt_template=dict(
        type=PromptTemplate,
        template={_letter: f'</E>{{ctx}} {{{_letter}}}' for _letter in 'ABCD'},
        ice_token='</E>',
    ),
    retriever=dict(type=FixKRetriever, fix_id_list=list(range(10))),
    inferencer=dict(type=PPLInferencer),
)

hellaswag_eval_cfg = dict(evaluator=dict(type=AccEvaluator))

hellaswag_datasets = [
    dict(
        type=HellaswagDatasetwithICE,
        abbr='hellaswag',
        path='opencompass/hellaswag_ice',
        reader_cfg=hellaswag_reader_cfg,
        infer_cfg=hellaswag_infer_cfg,
        eval_cfg=hellaswag_eval_cfg,
    )
]
