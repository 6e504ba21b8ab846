"""Which variables of a config file evalkit reads."""

TOP_KEYS = (
    'models',
    'datasets',
    'summarizer',
    'infer',
    'eval',
    'work_dir',
    'model_dataset_combinations',
    'judge_models',
)
"""The variables of a config that is run; the others are its helpers."""


def is_read(name: str) -> bool:
    """Tell whether evalkit reads the variable, in a config that is run or found by its name."""
    return name in TOP_KEYS or name.endswith(('_datasets', '_models'))
