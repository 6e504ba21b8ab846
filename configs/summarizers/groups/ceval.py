"""C-Eval as a whole, by field, and its hard subjects; `ceval-test` is the unpublished split."""

_fields = {
    'stem': [
        'computer_network',
        'operating_system',
        'computer_architecture',
        'college_programming',
        'college_physics',
        'college_chemistry',
        'advanced_mathematics',
        'probability_and_statistics',
        'discrete_mathematics',
        'electrical_engineer',
        'metrology_engineer',
        'high_school_mathematics',
        'high_school_physics',
        'high_school_chemistry',
        'high_school_biology',
        'middle_school_mathematics',
        'middle_school_biology',
        'middle_school_physics',
        'middle_school_chemistry',
        'veterinary_medicine',
    ],
    'social-science': [
        'college_economics',
        'business_administration',
        'marxism',
        'mao_zedong_thought',
        'education_science',
        'teacher_qualification',
        'high_school_politics',
        'high_school_geography',
        'middle_school_politics',
        'middle_school_geography',
    ],
    'humanities': [
        'modern_chinese_history',
        'ideological_and_moral_cultivation',
        'logic',
        'law',
        'chinese_language_and_literature',
        'art_studies',
        'professional_tour_guide',
        'legal_professional',
        'high_school_chinese',
        'high_school_history',
        'middle_school_history',
    ],
    'other': [
        'civil_servant',
        'sports_science',
        'plant_protection',
        'basic_medicine',
        'clinical_medicine',
        'urban_and_rural_planner',
        'accountant',
        'fire_engineer',
        'environmental_impact_assessment_engineer',
        'tax_accountant',
        'physician',
    ],
}
_hard = [
    'advanced_mathematics',
    'discrete_mathematics',
    'probability_and_statistics',
    'college_chemistry',
    'college_physics',
    'high_school_mathematics',
    'high_school_chemistry',
    'high_school_physics',
]
_all = [_subject for _subjects in _fields.values() for _subject in _subjects]

ceval_summary_groups = [
    dict(name=_prefix + _name, subsets=[f'{_prefix}-{_subject}' for _subject in _subjects])
    for _prefix in ('ceval', 'ceval-test')
    for _name, _subjects in [
        *[('-' + _field, _subjects) for _field, _subjects in _fields.items()],
        ('-hard', _hard),
        ('', _all),
    ]
]
