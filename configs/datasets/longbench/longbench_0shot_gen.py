from evalkit.datasets import (
    LongBenchClassificationEvaluator,
    LongBenchCodeSimEvaluator,
    LongBenchCountEvaluator,
    LongBenchDataset,
    LongBenchF1Evaluator,
    LongBenchRetrievalEvaluator,
    LongBenchRougeEvaluator,
    longbench_postprocess,
)
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

# The prompts and lengths are LongBench's own (config/dataset2prompt.json, dataset2maxlen.json).
_passages = (
    'Answer the question based on the given passages. Only give me the answer and do not output '
    'any '
    'other words.'
)
_multi_hop = (
    f'{_passages}\n\nThe following are given passages.\n{{context}}\n\n{_passages}\n\n'
    'Question: {input}\nAnswer:'
)
_story = (
    'nswer the question as concisely as you can, using a single phrase if possible. '
    'Do not provide any explanation.'
)
_article = (
    'nswer the question as concisely as you can, using a single phrase or sentence if possible. If '
    'the question cannot be answered based on the information in the article, write '
    '"unanswerable". '
    'If the question is a yes/no question, answer "yes", "no", or "unanswerable". '
    'Do not provide any explanation.'
)
_f1 = dict(type=LongBenchF1Evaluator)
_rouge = dict(type=LongBenchRougeEvaluator)
_class = dict(type=LongBenchClassificationEvaluator)
_code = dict(type=LongBenchCodeSimEvaluator)

_tasks = {
    'narrativeqa': (128, _f1, (
        'You are given a story, which can be either a novel or a movie script, and a question. '
        f'A{_story}\n\nStory: {{context}}\n\nNow, answer the question based on the story as '
        'concisely as you can, using a single phrase if possible. Do not provide any explanation.'
        '\n\nQuestion: {input}\n\nAnswer:')),
    'qasper': (128, _f1, (
        f'You are given a scientific article and a question. A{_article}\n\nArticle: '
        f'{{context}}\n\n '
        'Answer the question based on the above article as concisely as you can, using a single '
        'phrase or sentence if possible. If the question cannot be answered based on the '
        'information in the article, write "unanswerable". If the question is a yes/no question, '
        'answer "yes", "no", or "unanswerable". Do not provide any explanation.\n\n'
        'Question: {input}\n\nAnswer:')),
    'multifieldqa_en': (64, _f1, (
        'Read the following text and answer briefly.\n\n{context}\n\nNow, answer the following '
        'question based on the above text, only give me the answer and do not output any other '
        'words.\n\nQuestion: {input}\nAnswer:')),
    'multifieldqa_zh': (64, dict(language='zh', **_f1), (
        '阅读以下文字并用中文简短回答：\n\n{context}\n\n现在请基于上面的文章回答下面的问题，只告诉我答案，不要输出任何其他字词。'
        '\n\n问题：{input}\n回答：')),
    'hotpotqa': (32, _f1, _multi_hop),
    '2wikimqa': (32, _f1, _multi_hop),
    'musique': (32, _f1, _multi_hop),
    'dureader': (128, dict(language='zh', **_rouge), (
        '请基于给定的文章回答下述问题。\n\n文章：{context}\n\n请基于上述文章回答下面的问题。\n\n问题：{input}\n回答：')),
    'gov_report': (512, _rouge, (
        'You are given a report by a government agency. Write a one-page summary of the report.\n\n'
        'Report:\n{context}\n\nNow, write a one-page summary of the report.\n\nSummary:')),
    'qmsum': (512, _rouge, (
        'You are given a meeting transcript and a query containing a question or instruction. '
        'Answer the query in one or more sentences.\n\nTranscript:\n{context}\n\nNow, answer the '
        'query based on the above meeting transcript in one or more sentences.\n\n'
        'Query: {input}\nAnswer:')),
    'multi_news': (512, _rouge, (
        'You are given several news passages. Write a one-page summary of all news. \n\nNews:\n'
        '{context}\n\nNow, write a one-page summary of all the news.\n\nSummary:')),
    'vcsum': (512, dict(language='zh', **_rouge), (
        '下面有一段会议记录，请你阅读后，写一段总结，总结会议的内容。\n会议记录：\n{context}\n\n会议总结：')),
    'trec': (64, _class, (
        'Please determine the type of the question below. Here are some examples of questions.\n\n'
        '{context}\n{input}')),
    'triviaqa': (32, _f1, (
        'Answer the question based on the given passage. Only give me the answer and do not output '
        'any other words. The following are some examples.\n\n{context}\n\n{input}')),
    'samsum': (128, _rouge, (
        'Summarize the dialogue into a few short sentences. The following are some examples.\n\n'
        '{context}\n\n{input}')),
    'lsht': (64, _class, '请判断给定新闻的类别，下面是一些例子。\n\n{context}\n{input}'),
    'passage_count': (32, dict(type=LongBenchCountEvaluator), (
        'There are some paragraphs below sourced from Wikipedia. Some of them may be duplicates. '
        'Please carefully read these paragraphs and determine how many unique paragraphs there are '
        'after removing duplicates. In other words, how many non-repeating paragraphs are there in '
        'total?\n\n{context}\n\nPlease enter the final count of unique paragraphs after removing '
        'duplicates. The output format should only contain the number, such as 1, 2, 3, and so on.'
        '\n\nThe final answer is: ')),
    'passage_retrieval_en': (32, dict(type=LongBenchRetrievalEvaluator), (
        'Here are 30 paragraphs from Wikipedia, along with an abstract. Please determine which '
        'paragraph the abstract is from.\n\n{context}\n\nThe following is an abstract.\n\n{input}'
        '\n\nPlease enter the number of the paragraph that the abstract is from. The answer format '
        'must be like "Paragraph 1", "Paragraph 2", etc.\n\nThe answer is: ')),
    'passage_retrieval_zh': (32, dict(type=LongBenchRetrievalEvaluator, language='zh'), (
        '以下是若干段落文字，以及其中一个段落的摘要。请确定给定的摘要出自哪一段。\n\n{context}\n\n下面是一个摘要\n\n{input}\n\n'
        '请输入摘要所属段落的编号。答案格式必须是"段落1"，"段落2"等格式\n\n答案是：')),
    'lcc': (64, _code, 'Please complete the code given below. \n{context}Next line of code:\n'),
    'repobench-p': (
        64, _code, 'Please complete the code given below. \n{context}{input}Next line of code:\n'),
}  # fmt: skip
_first_line = ('trec', 'triviaqa', 'samsum', 'lsht')

longbench_datasets = [
    dict(
        abbr=f'LongBench_{_name}',
        type=LongBenchDataset,
        path='opencompass/Longbench',
        name=_name,
        reader_cfg=dict(
            input_columns=['context', 'input'],
            output_column='all_labels' if _evaluator is _class else 'answers',
        ),
        infer_cfg=dict(
            prompt_template=dict(
                type=PromptTemplate,
                template=dict(round=[dict(role='HUMAN', prompt=_prompt)]),
            ),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=GenInferencer, max_out_len=_max_out_len),
        ),
        eval_cfg=dict(
            evaluator=_evaluator,
            **(
                dict(pred_postprocessor=dict(type=longbench_postprocess))
                if _name in _first_line
                else {}
            ),
        ),
    )
    for _name, (_max_out_len, _evaluator, _prompt) in _tasks.items()
]
