"""MMLU-Pro as a whole: the mean of its 14 categories."""

_categories = [
    'biology',
    'business',
    'chemistry',
    'computer_science',
    'economics',
    'engineering',
    'health',
    'history',
    'law',
    'math',
    'other',
    'philosophy',
    'physics',
    'psychology',
]

mmlu_pro_summary_groups = [
    dict(name='mmlu_pro', subsets=[f'mmlu_pro_{_category}' for _category in _categories]),
]
