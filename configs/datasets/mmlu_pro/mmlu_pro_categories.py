"""The 14 categories of MMLU-Pro."""

categories = [
    'biology',
    'business',
    'chemistry',
    'computer science',
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
