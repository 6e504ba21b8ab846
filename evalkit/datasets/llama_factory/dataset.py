"""`LlamaFactoryDataset`: a dataset by its name in `dataset_info.json`."""

import logging
from collections.abc import Mapping
from typing import Any

from evalkit.config import type_path
from evalkit.datasets.base import BaseDataset
from evalkit.datasets.llama_factory.conversations import READERS, Conversation, Dropped
from evalkit.datasets.llama_factory.registry import Registered, registered
from evalkit.datasets.llama_factory.rows import read_source
from evalkit.errors import ConfigError
from evalkit.evaluators import LlamaFactoryEvaluator
from evalkit.inferencers import GenInferencer
from evalkit.prompts import RawPromptTemplate
from evalkit.types import Message

logger = logging.getLogger(__name__)

NUM_NAMED = 5  # rows of each kind whose numbers are given


class LlamaFactoryDataset(BaseDataset):
    """Conversations, and the last turn of the assistant as the reference.

    `dataset` is a name of `dataset_info.json` in `dataset_dir`, or several with commas between
    them; of each the first `max_samples` rows are taken. A row has `messages`, `label` and
    `dataset`. What LLaMA-Factory leaves out is left out, and named in the log.

    A config needs no more than these: it asks with the messages as they are, and scores by
    `LlamaFactoryEvaluator`.
    """

    @staticmethod
    def load(
        dataset: str,
        dataset_dir: str = 'data',
        max_samples: int | None = None,
        default_system: str | None = None,
    ) -> list[dict[str, Any]]:
        """Read the conversations; those without a system message get the default one."""
        names = [name.strip() for name in dataset.split(',') if name.strip()]
        return [
            {
                'messages': with_system(found.messages, default_system),
                'label': found.reference or '',
                'dataset': name,
            }
            for name in names
            for found in conversations(registered(name, dataset_dir), dataset_dir, max_samples)
        ]

    @staticmethod
    def defaults(arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a config of this dataset need not say."""
        return {
            'abbr': str(arguments.get('dataset')).replace(' ', '').replace(',', '+'),
            'reader_cfg': {'input_columns': ['messages'], 'output_column': 'label'},
            'infer_cfg': {
                'prompt_template': {
                    'type': type_path(RawPromptTemplate),
                    'messages': [{'expand_column': 'messages'}],
                },
                'inferencer': {'type': type_path(GenInferencer)},
            },
            'eval_cfg': {'evaluator': {'type': type_path(LlamaFactoryEvaluator)}},
        }


def conversations(
    entry: Registered, dataset_dir: str, max_samples: int | None
) -> list[Conversation]:
    """Return the conversations of a dataset that LLaMA-Factory would ask, too."""
    rows = read_source(entry, dataset_dir)[:max_samples]
    found: list[Conversation] = []
    passed: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        try:
            found.append(read(row, number, entry))
        except Dropped as why:
            passed.setdefault(str(why), []).append(number)
    report(entry.name, passed, 'left out, as by LLaMA-Factory')
    blank = [number for number, each in enumerate(found) if each.reference is None]
    report(entry.name, {'it has no answer': blank} if blank else {}, 'asked without a reference')
    if not found:
        raise ConfigError(f'{entry.name}: none of its {len(rows)} rows can be asked')
    return found


def with_system(messages: list[Message], default_system: str | None) -> list[Message]:
    """Return the messages with a system message in front, if there is one to add."""
    if not default_system:
        return messages
    if messages[0]['role'] != 'system':
        return [{'role': 'system', 'content': default_system}, *messages]
    first = {**messages[0], 'content': messages[0]['content'] or default_system}
    return [first, *messages[1:]]


def read(row: Mapping[str, Any], number: int, entry: Registered) -> Conversation:
    """Return the conversation of a row; ConfigError names a row that is no conversation."""
    try:
        return READERS[entry.formatting](row, entry)
    except (TypeError, ValueError, KeyError) as error:
        raise ConfigError(
            f'{entry.name}, row {number}: no {entry.formatting} conversation: {error}'
        ) from error


def report(name: str, rows: Mapping[str, list[int]], what: str) -> None:
    """Log which rows are not asked as they stand, and why."""
    for why, numbers in rows.items():
        shown = ', '.join(map(str, numbers[:NUM_NAMED]))
        more = ', ...' if len(numbers) > NUM_NAMED else ''
        logger.warning('%s: %d rows are %s (%s): %s%s', name, len(numbers), what, why, shown, more)
