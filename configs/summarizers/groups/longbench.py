"""LongBench: the mean of each of its six kinds of tasks, and of all."""

_kinds = {
    'single-document-qa': ['narrativeqa', 'qasper', 'multifieldqa_en', 'multifieldqa_zh'],
    'multi-document-qa': ['hotpotqa', '2wikimqa', 'musique', 'dureader'],
    'summarization': ['gov_report', 'qmsum', 'multi_news', 'vcsum'],
    'few-shot-learning': ['trec', 'triviaqa', 'samsum', 'lsht'],
    'synthetic-tasks': ['passage_count', 'passage_retrieval_en', 'passage_retrieval_zh'],
    'code-completion': ['lcc', 'repobench-p'],
}

longbench_summary_groups = [
    dict(name=f'longbench_{_kind}', subsets=[f'LongBench_{_task}' for _task in _tasks])
    for _kind, _tasks in _kinds.items()
]
longbench_summary_groups.append(
    dict(name='longbench', subsets=[f'longbench_{_kind}' for _kind in _kinds])
)
