"""BIG-Bench Hard as a whole: the mean of its 27 tasks."""

_tasks = [
    'boolean_expressions',
    'causal_judgement',
    'date_understanding',
    'disambiguation_qa',
    'dyck_languages',
    'formal_fallacies',
    'geometric_shapes',
    'hyperbaton',
    'logical_deduction_five_objects',
    'logical_deduction_seven_objects',
    'logical_deduction_three_objects',
    'movie_recommendation',
    'multistep_arithmetic_two',
    'navigate',
    'object_counting',
    'penguins_in_a_table',
    'reasoning_about_colored_objects',
    'ruin_names',
    'salient_translation_error_detection',
    'snarks',
    'sports_understanding',
    'temporal_sequences',
    'tracking_shuffled_objects_five_objects',
    'tracking_shuffled_objects_seven_objects',
    'tracking_shuffled_objects_three_objects',
    'web_of_lies',
    'word_sorting',
]

bbh_summary_groups = [dict(name='bbh', subsets=[f'bbh-{_task}' for _task in _tasks])]
