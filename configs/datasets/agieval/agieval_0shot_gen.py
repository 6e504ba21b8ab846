"""AGIEval without examples: letters for questions with options, a value for the others."""

from evalkit.datasets import (
    AGIEvalDataset_v2,
    AGIEvalEvaluator,
    AGIEvalEvaluator_mcq,
    choices_postprocess,
)
from evalkit.inferencers import GenInferencer
from evalkit.postprocessors import first_option_postprocess
from evalkit.prompts import PromptTemplate, ZeroRetriever

agieval_sets = {
    'single-zh': [
        'gaokao-chinese',
        'gaokao-geography',
        'gaokao-history',
        'gaokao-biology',
        'gaokao-chemistry',
        'gaokao-mathqa',
        'logiqa-zh',
    ],
    'single-en': [
        'gaokao-english',
        'lsat-ar',
        'lsat-lr',
        'lsat-rc',
        'logiqa-en',
        'sat-math',
        'sat-en',
        'sat-en-without-passage',
        'aqua-rat',
    ],
    'multiple-zh': [
        'gaokao-physics',
        'jec-qa-kd',
        'jec-qa-ca',
    ],
    'cloze-zh': ['gaokao-mathcloze'],
    'cloze-en': ['math'],
}

agieval_prompts = {
    'single-zh': '请回答下面的单项选择题，只写正确选项的字母。\n{question}\n{options}\n答案：',
    'single-en': 'Answer the question with the letter of the right option alone.\n'
    '{question}\n{options}\nAnswer:',
    'multiple-zh': '下面的选择题可能有一个或多个正确选项，请写出全部正确选项的字母。\n'
    '{question}\n{options}\n答案：',
    'cloze-zh': '请逐步解答下面的填空题，并把最后的答案写在 \\boxed{} 里。\n{question}',
    'cloze-en': 'Solve the problem step by step, and put the final answer within \\boxed{}.\n'
    '{question}',
}

agieval_reader_cfg = dict(input_columns=['question', 'options'], output_column='label')

_single = dict(
    evaluator=dict(type=AGIEvalEvaluator_mcq),
    pred_postprocessor=dict(type=first_option_postprocess, options='ABCDE'),
)
_cloze = dict(evaluator=dict(type=AGIEvalEvaluator))

agieval_eval_cfgs = {
    'single-zh': _single,
    'single-en': _single,
    'multiple-zh': dict(
        evaluator=dict(type=AGIEvalEvaluator_mcq),
        pred_postprocessor=dict(type=choices_postprocess),
    ),
    'cloze-zh': _cloze,
    'cloze-en': _cloze,
}

agieval_datasets = [
    dict(
        type=AGIEvalDataset_v2,
        abbr=f'agieval-{_name}',
        path='opencompass/agieval',
        name=_name,
        setting_name='zero-shot',
        reader_cfg=agieval_reader_cfg,
        infer_cfg=dict(
            prompt_template=dict(
                type=PromptTemplate,
                template=dict(round=[dict(role='HUMAN', prompt=agieval_prompts[_kind])]),
            ),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=GenInferencer, max_out_len=1024),
        ),
        eval_cfg=agieval_eval_cfgs[_kind],
    )
    for _kind, _names in agieval_sets.items()
    for _name in _names
]
