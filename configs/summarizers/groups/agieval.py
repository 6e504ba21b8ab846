"""AGIEval as a whole, by language, and the exams for Chinese universities."""

_gaokao = [
    'gaokao-chinese',
    'gaokao-english',
    'gaokao-geography',
    'gaokao-history',
    'gaokao-biology',
    'gaokao-chemistry',
    'gaokao-physics',
    'gaokao-mathqa',
    'gaokao-mathcloze',
]
_chinese = [*_gaokao, 'logiqa-zh', 'jec-qa-kd', 'jec-qa-ca']
_english = [
    'lsat-ar',
    'lsat-lr',
    'lsat-rc',
    'logiqa-en',
    'sat-math',
    'sat-en',
    'sat-en-without-passage',
    'aqua-rat',
    'math',
]

agieval_summary_groups = [
    dict(name=_name, subsets=[f'agieval-{_set}' for _set in _sets])
    for _name, _sets in [
        ('agieval-chinese', _chinese),
        ('agieval-english', _english),
        ('agieval-gaokao', _gaokao),
        ('agieval', _chinese + _english),
    ]
]
