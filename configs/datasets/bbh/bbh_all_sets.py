"""The 27 tasks of BIG-Bench Hard: those with lettered options, and the others."""

bbh_multiple_choice_sets = [
    'date_understanding',
    'disambiguation_qa',
    'geometric_shapes',
    'hyperbaton',
    'logical_deduction_five_objects',
    'logical_deduction_seven_objects',
    'logical_deduction_three_objects',
    'movie_recommendation',
    'penguins_in_a_table',
    'reasoning_about_colored_objects',
    'ruin_names',
    'salient_translation_error_detection',
    'snarks',
    'temporal_sequences',
    'tracking_shuffled_objects_five_objects',
    'tracking_shuffled_objects_seven_objects',
    'tracking_shuffled_objects_three_objects',
]

bbh_free_form_sets = [
    'boolean_expressions',
    'causal_judgement',
    'dyck_languages',
    'formal_fallacies',
    'multistep_arithmetic_two',
    'navigate',
    'object_counting',
    'sports_understanding',
    'web_of_lies',
    'word_sorting',
]
