"""The 13 tasks of RULER, of no length yet; TOKENIZER_MODEL names the tokenizer of the model."""

import os

from evalkit.datasets import (
    RulerCweDataset,
    RulerEvaluator,
    RulerFweDataset,
    RulerNiahDataset,
    RulerQaDataset,
    RulerQaEvaluator,
    RulerVtDataset,
)
from evalkit.inferencers import GenInferencer
from evalkit.prompts import PromptTemplate, ZeroRetriever

_words = dict(type=RulerNiahDataset, tokens_to_generate=128)
_tasks = {
    'niah_single_1': dict(_words, type_haystack='repeat'),
    'niah_single_2': dict(_words),
    'niah_single_3': dict(_words, type_needle_v='uuids'),
    'niah_multikey_1': dict(_words, num_needle_k=4),
    'niah_multikey_2': dict(_words, type_haystack='needle'),
    'niah_multikey_3': dict(
        _words, type_haystack='needle', type_needle_k='uuids', type_needle_v='uuids'
    ),
    'niah_multivalue': dict(_words, num_needle_v=4),
    'niah_multiquery': dict(_words, num_needle_q=4),
    'vt': dict(type=RulerVtDataset, tokens_to_generate=30),
    'cwe': dict(type=RulerCweDataset, tokens_to_generate=120),
    'fwe': dict(type=RulerFweDataset, tokens_to_generate=50),
    'qa_squad': dict(
        type=RulerQaDataset, dataset='squad', path='data/ruler/dev-v2.0.json', tokens_to_generate=50
    ),
    'qa_hotpotqa': dict(
        type=RulerQaDataset,
        dataset='hotpotqa',
        path='data/ruler/hotpotqa.json',
        tokens_to_generate=50,
    ),
}

ruler_tasks = [
    dict(
        abbr=f'ruler_{_name}',
        **_task,
        num_samples=100,
        tokenizer_model=os.environ.get('TOKENIZER_MODEL', 'gpt-4'),
        reader_cfg=dict(input_columns=['prompt'], output_column='answer'),
        infer_cfg=dict(
            prompt_template=dict(
                type=PromptTemplate, template=dict(round=[dict(role='HUMAN', prompt='{prompt}')])
            ),
            retriever=dict(type=ZeroRetriever),
            inferencer=dict(type=GenInferencer, max_out_len=_task['tokens_to_generate']),
        ),
        eval_cfg=dict(
            evaluator=dict(type=RulerQaEvaluator if _name.startswith('qa') else RulerEvaluator)
        ),
    )
    for _name, _task in _tasks.items()
]
