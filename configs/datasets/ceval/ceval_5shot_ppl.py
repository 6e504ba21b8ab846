"""C-Eval as in its paper: five examples, and the letter that the model finds likeliest."""

from mmengine.config import read_base

from evalkit.datasets import CEvalDataset
from evalkit.evaluators import AccEvaluator
from evalkit.inferencers import PPLInferencer
from evalkit.prompts import FixKRetriever, PromptTemplate

with read_base():
    from .ceval_all_sets import ceval_subjects

ceval_reader_cfg = dict(
    input_columns=['question', 'A', 'B', 'C', 'D'],
    output_column='answer',
    train_split='dev',
    test_split='val',
)


ceval_eval_cfg = dict(evaluator=dict(type=AccEvaluator))

_head = '以下是中国关于{title}考试的单项选择题，请选出其中的正确答案。\n\n'
_question = '{question}\nA. {A}\nB. {B}\nC. {C}\nD. {D}\n答案：'

ceval_datasets = [
    dict(
        type=CEvalDataset,
        abbr=f'ceval-{_name}',
        path='opencompass/ceval-exam',
        name=_name,
        reader_cfg=ceval_reader_cfg,
        infer_cfg=dict(
            ice_template=dict(type=PromptTemplate, template=_question + '{answer}\n'),
            prompt_template=dict(
                type=PromptTemplate,
                template={
                    _letter: _head.replace('{title}', _title) + f'</E>{_question}{_letter}'
                    for _letter in 'ABCD'
                },
                ice_token='</E>',
            ),
            retriever=dict(type=FixKRetriever, fix_id_list=[0, 1, 2, 3, 4]),
            inferencer=dict(type=PPLInferencer),
        ),
        eval_cfg=ceval_eval_cfg,
    )
    for _name, _title in ceval_subjects.items()
]
