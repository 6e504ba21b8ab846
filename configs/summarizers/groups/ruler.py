"""RULER: the mean of its 13 tasks, for each length."""

_names = [
    'niah_single_1',
    'niah_single_2',
    'niah_single_3',
    'niah_multikey_1',
    'niah_multikey_2',
    'niah_multikey_3',
    'niah_multivalue',
    'niah_multiquery',
    'vt',
    'cwe',
    'fwe',
    'qa_squad',
    'qa_hotpotqa',
]

ruler_summary_groups = [
    dict(name=f'ruler_{_length}', subsets=[f'ruler_{_name}_{_length}' for _name in _names])
    for _length in ('4k', '8k', '16k', '32k', '64k', '128k')
]
