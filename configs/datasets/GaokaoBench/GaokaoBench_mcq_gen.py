"""The choice questions of GAOKAO-Bench: the model explains, and marks its answer with 【答案】."""

from evalkit.datasets import GaokaoBenchDataset, GaokaoBenchEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

GaokaoBench_sets = {
    'single_choice': [
        '2010-2022_Math_II_MCQs',
        '2010-2022_Math_I_MCQs',
        '2010-2022_History_MCQs',
        '2010-2022_Biology_MCQs',
        '2010-2022_Political_Science_MCQs',
        '2010-2022_Chemistry_MCQs',
        '2010-2013_English_MCQs',
    ],
    'multi_choice': [
        '2010-2022_Physics_MCQs',
    ],
    'multi_question_choice': [
        '2010-2022_Chinese_Modern_Lit',
        '2010-2022_English_Fill_in_Blanks',
        '2010-2022_Geography_MCQs',
        '2010-2022_English_Reading_Comp',
        '2010-2022_Chinese_Lang_and_Usage_MCQs',
    ],
    'five_out_of_seven': [
        '2012-2022_English_Cloze_Test',
    ],
}

GaokaoBench_prompts = {
    'single_choice': '请先分析，再从 A、B、C、D 中选出唯一正确的一项，'
    '最后一行写成“【答案】A”的样子。',
    'multi_choice': '请先分析，再从 A、B、C、D 中选出全部正确的选项，'
    '最后一行写成“【答案】AC”的样子。',
    'multi_question_choice': '下面有几道小题。请先分析，再为每道小题选出一项，'
    '按小题的顺序每行写一个答案，写成“【答案】A”的样子。',
    'five_out_of_seven': '请从七个选项中选出五项，依次填入文中的空白处，'
    '最后一行写成“【答案】ABCDE”的样子。',
}

GaokaoBench_datasets = [
    dict(
        type=GaokaoBenchDataset,
        abbr=f'GaokaoBench_{_name}',
        path='opencompass/GAOKAO-BENCH',
        filename=f'/Multiple-choice_Questions/{_name}.json',
        name=_name,
        reader_cfg=dict(input_columns=['question'], output_column='answer'),
        infer_cfg=dict(
            prompt_template=dict(
                type=PromptTemplate,
                template=dict(
                    round=[
                        dict(role='HUMAN', prompt=GaokaoBench_prompts[_kind] + '\n\n{question}'),
                    ],
                ),
            ),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=GenInferencer, max_out_len=1024),
        ),
        eval_cfg=dict(evaluator=dict(type=GaokaoBenchEvaluator, question_type=_kind)),
    )
    for _kind, _names in GaokaoBench_sets.items()
    for _name in _names
]
