"""TriviaQA with one example of its train split."""

from evalkit.datasets import TriviaQADatasetV2, TriviaQAEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import FixKRetriever, PromptTemplate

triviaqa_reader_cfg = dict(
    input_columns=['question'],
    output_column='answer',
    train_split='train',
    test_split='validation',
)

triviaqa_infer_cfg = dict(
    ice_template=dict(
        type=PromptTemplate,
        template=dict(
            begin='</E>',
            round=[
                dict(
                    role='HUMAN',
                    prompt='Answer the question as shortly as you can: name the answer alone.\n'
                    'Question: {question}\nAnswer:',
                ),
                dict(role='BOT', prompt='{answer}'),
            ],
        ),
        ice_token='</E>',
    ),
    retriever=dict(type=FixKRetriever, fix_id_list=[0]),
    inferencer=dict(
        type=GenInferencer,
        max_out_len=64,
        stopping_criteria=['\nQuestion:', '\nAnswer the question'],
    ),
)

triviaqa_eval_cfg = dict(evaluator=dict(type=TriviaQAEvaluator))

triviaqa_datasets = [
    dict(
        type=TriviaQADatasetV2,
        abbr='triviaqa_wiki_1shot',
        path='opencompass/trivia_qa',
        reader_cfg=triviaqa_reader_cfg,
        infer_cfg=triviaqa_infer_cfg,
        eval_cfg=triviaqa_eval_cfg,
    ),
]
