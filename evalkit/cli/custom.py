"""From a file of questions to a dataset config, guessed from its columns as OpenCompass does it.

What is guessed can be said in a JSON file: `<file>.meta.json`, or the one that is named. A dict
without `type` in a config's `datasets`, such as `dict(path='x.csv', data_type='mcq')`, is the same.
"""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from evalkit.config import did_you_mean
from evalkit.datasets.files import find_data, read_json, read_rows
from evalkit.errors import ConfigError

Meta = dict[str, Any]

KINDS = {'mcq': ('gen', 'ppl'), 'qa': ('gen',)}
"""How each type of data can be asked."""

META_KEYS = (
    'abbr',
    'path',
    'meta_path',
    'data_type',
    'infer_method',
    'human_prompt',
    'bot_prompt',
    'template',
    'input_columns',
    'output_column',
    'options',
    'test_range',
    'evaluator',
    'evaluator_kwargs',
)


def flagged_dataset(arguments: Namespace) -> list[dict[str, Any]]:
    """Return the dataset that the flags describe, if they do."""
    flags = {
        'meta_path': arguments.custom_dataset_meta_path,
        'data_type': arguments.custom_dataset_data_type,
        'infer_method': arguments.custom_dataset_infer_method,
    }
    given = {key: value for key, value in flags.items() if value is not None}
    if arguments.custom_dataset_path is None:
        if given:
            raise ConfigError('--custom-dataset-* needs --custom-dataset-path, the file itself')
        return []
    return [custom_dataset({'path': arguments.custom_dataset_path, **given})]


def with_custom_datasets(datasets: Any) -> Any:
    """Return the datasets of a config, those that only name a file and its kind completed."""
    if not isinstance(datasets, list | tuple):
        return datasets
    return [custom_dataset(item) if is_custom(item) else item for item in datasets]


def is_custom(item: Any) -> bool:
    """Whether a dataset is described by its file alone."""
    return isinstance(item, Mapping) and 'path' in item and not {'type', 'infer_cfg'} & item.keys()


def custom_dataset(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the config of the dataset that a file and what is said of it describe."""
    meta = whole_meta(given)
    kind, method = meta['data_type'], meta['infer_method']
    if method not in KINDS.get(kind, ()):
        known = ', '.join(
            f'{kind} {method}' for kind, methods in KINDS.items() for method in methods
        )
        raise ConfigError(f'{meta["path"]}: {kind} by {method} is not possible; there is {known}')
    if meta['output_column'] is None:
        raise ConfigError(
            f'{meta["path"]}: there is no column answer to score by; name it as output_column in '
            f'{meta["path"]}.meta.json'
        )
    reader_cfg = {key: meta[key] for key in ('input_columns', 'output_column', 'test_range')}
    return {
        'abbr': meta['abbr'],
        **source(meta),
        'reader_cfg': {key: value for key, value in reader_cfg.items() if value is not None},
        'infer_cfg': {
            'prompt_template': {'type': 'PromptTemplate', 'template': template(meta)},
            'retriever': {'type': 'ZeroRetriever'},
            'inferencer': {'type': 'PPLInferencer' if method == 'ppl' else 'GenInferencer'},
        },
        'eval_cfg': {'evaluator': evaluator(meta)},
    }


def whole_meta(given: Mapping[str, Any]) -> Meta:
    """Return what is known of a file: guessed, said in its meta file, and given, the last wins."""
    path = find_data(str(given['path']))
    named = given.get('meta_path')
    beside = path.with_name(f'{path.name}.meta.json')
    said = read_json(Path(named)) if named else read_json(beside) if beside.is_file() else {}
    for key in (*said, *given):
        if key not in META_KEYS:
            hint = did_you_mean(key, META_KEYS, otherwise=f'; known are {", ".join(META_KEYS)}')
            raise ConfigError(f'{path}: unknown key {key} in what is said of it{hint}')
    return {**guess(path), **said, **given}


def guess(path: Path) -> Meta:
    """Return what the columns of the first row tell."""
    rows = read_rows(path)
    if not rows:
        raise ConfigError(f'{path}: there are no rows')
    row = rows[0]
    num_options = next(n for n in range(27) if n == 26 or ascii_uppercase[n] not in row)  # noqa: PLR2004
    options = list(ascii_uppercase[:num_options])
    return {
        'abbr': path.name.split('.')[0],
        'input_columns': [name for name in row if name != 'answer'],
        'output_column': 'answer' if 'answer' in row else None,
        'options': options,
        'data_type': 'mcq' if len(options) > 1 else 'qa',
        'infer_method': 'gen',
        'test_range': None,
    }


def source(meta: Meta) -> dict[str, Any]:
    """Return what reads the rows; a written choice is scored with the texts of its options."""
    if is_written_choice(meta):
        options, answer = meta['options'], meta['output_column']
        kind = {'type': 'CustomChoiceDataset', 'options': options, 'answer': answer}
        return {**kind, 'path': meta['path']}
    return {'type': 'CustomDataset', 'path': meta['path']}


def is_written_choice(meta: Meta) -> bool:
    """Whether the model writes its choice, and no evaluator of the user's own reads it."""
    is_written = (meta['data_type'], meta['infer_method']) == ('mcq', 'gen')
    return is_written and 'evaluator' not in meta


def evaluator(meta: Meta) -> dict[str, Any]:
    """Return the evaluator that is named, or the usual one."""
    if is_written_choice(meta):
        return {'type': 'OptionSimAccEvaluator', 'options': meta['options']}
    return {'type': meta.get('evaluator', 'AccEvaluator'), **meta.get('evaluator_kwargs', {})}


def template(meta: Meta) -> Any:
    """Return the prompt that is given, or OpenCompass's."""
    if meta.get('template') is not None:
        return meta['template']
    answer = f'{{{meta["output_column"]}}}'
    if meta['data_type'] == 'qa':
        human = meta.get('human_prompt', '{question}')
        return one_round(human, meta.get('bot_prompt', answer))
    listed = ''.join(f'\n{name}. {{{name}}}' for name in meta['options'])
    human = meta.get('human_prompt', f'Question: {{question}}{listed}')
    bot = meta.get('bot_prompt', f'Answer: {answer}')
    if meta['infer_method'] == 'gen':
        return one_round(human, bot)
    return {name: one_round(human, bot.replace(answer, name)) for name in meta['options']}


def one_round(human: str, bot: str) -> dict[str, Any]:
    """Return the template of a question and its answer."""
    turns = [{'role': 'HUMAN', 'prompt': human}, {'role': 'BOT', 'prompt': bot}]
    return {'round': turns}
