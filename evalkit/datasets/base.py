"""A benchmark is a `load` function; this module turns what it loads into samples."""

import inspect
import random
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any, cast

from evalkit.config import did_you_mean, resolve_type
from evalkit.errors import ConfigError
from evalkit.types import Sample

Row = Mapping[str, Any]

PLAN_KEYS = frozenset({'type', 'abbr', 'reader_cfg', 'infer_cfg', 'eval_cfg', 'n', 'k', 'mode'})
"""Keys of a dataset config that are not arguments of `load`; `mode` is a word of OpenCompass's
configs with a judge ('singlescore'), and has no effect."""

NUMBER = r'\s*([+-]?\d+)?\s*'
SLICE = re.compile(rf'\[{NUMBER}:{NUMBER}(?::{NUMBER})?\]')

Loaded = Mapping[str, Iterable[Row]] | Iterable[Row]
"""The rows of each split, or of the one split that there is: it is train and test."""


class BaseDataset(ABC):
    """A benchmark: subclasses write `load` and nothing else."""

    @staticmethod
    @abstractmethod
    def load(*args: Any, **kwargs: Any) -> Loaded:
        """Return the rows; a subclass names the keys of a dataset config that it takes."""

    @staticmethod
    def defaults(arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the keys that a config with these `arguments` of `load` need not give."""
        return {}


@dataclass(frozen=True, slots=True)
class Splits:
    """A dataset as its config wants it: `train` holds the rows for in-context examples."""

    train: Sequence[Row]
    test: Sequence[Sample]


def read_dataset(dataset_cfg: Mapping[str, Any]) -> Splits:
    """Load the rows of a dataset config and take the ranges that its `reader_cfg` names."""
    reader_cfg = dataset_cfg.get('reader_cfg') or {}
    splits = load_splits(dataset_cfg)
    limit = reader_cfg.get('limit')
    train = splits.get(reader_cfg.get('train_split') or 'train', [])
    test = pick_test(splits, reader_cfg.get('test_split') or 'test', dataset_cfg)
    return Splits(
        train=[train[index] for index in row_indices(len(train), reader_cfg.get('train_range'))],
        test=[
            to_sample(index, test[index], reader_cfg.get('output_column'))
            for index in row_indices(len(test), reader_cfg.get('test_range'))[:limit]
        ],
    )


def load_splits(dataset_cfg: Mapping[str, Any]) -> dict[str, list[Row]]:
    """Return the rows of each split."""
    arguments = {key: value for key, value in dataset_cfg.items() if key not in PLAN_KEYS}
    loaded = loader_of(resolve_type(dataset_cfg['type']))(**arguments)
    if isinstance(loaded, Mapping):
        return {name: list(rows) for name, rows in loaded.items()}
    rows = list(loaded)
    return {'train': rows, 'test': rows}


def loader_of(made_of: Any, place: str = 'dataset') -> Callable[..., Loaded]:
    """Return the `load` of a dataset class; of one borrowed from OpenCompass it may be a method."""
    is_method = isinstance(inspect.getattr_static(made_of, 'load', None), FunctionType)
    loader = made_of.__new__(made_of).load if is_method else getattr(made_of, 'load', None)
    if not callable(loader):
        name = getattr(made_of, '__name__', made_of)
        raise ConfigError(f'{place}.type: {name} is not a dataset: it has no `load`')
    return cast('Callable[..., Loaded]', loader)


def dataset_size(dataset_cfg: Mapping[str, Any]) -> int:
    """Return how many samples a dataset config means; to count them, it is loaded."""
    return len(read_dataset(dataset_cfg).test)


def pick_test(
    splits: Mapping[str, list[Row]], name: str, dataset_cfg: Mapping[str, Any]
) -> list[Row]:
    """Return the rows to be answered; only the train split may be absent."""
    if name not in splits:
        known = ', '.join(sorted(splits)) or 'none'
        raise ConfigError(
            f'dataset {dataset_cfg.get("abbr")}: there is no split {name!r} '
            f'(reader_cfg.test_split names one); there is {known}'
            f'{did_you_mean(name, splits)}'
        )
    return splits[name]


def to_sample(index: int, row: Row, output_column: str | None) -> Sample:
    """Make a sample of a row; without an output column the whole row is the reference."""
    if output_column is None:
        return Sample(index, row, row)
    if output_column not in row:
        raise ConfigError(
            f'reader_cfg.output_column is {output_column!r}, but row {index} has the columns '
            f'{", ".join(map(str, row))}{did_you_mean(output_column, row)}'
        )
    return Sample(index, row, row[output_column])


def row_indices(num_rows: int, wanted: int | float | str | None) -> Sequence[int]:
    """Return which rows a `test_range` or `train_range` means.

    None is all; `'[10:20]'` is a slice; an int is that many rows and a float up to 1 that share
    of them, drawn and ordered as OpenCompass does it, with the size as the seed.
    """
    if wanted is None:
        return range(num_rows)
    if isinstance(wanted, str):
        return range(num_rows)[parse_slice(wanted)]
    is_share = isinstance(wanted, float) and wanted <= 1
    if wanted <= 0 or not (is_share or wanted == int(wanted)):
        raise ConfigError(f'a range of {wanted!r} rows is not possible: give a count or a share')
    size = int(wanted * num_rows) if is_share else int(wanted)
    if size >= num_rows:
        return range(num_rows)
    indices = list(range(num_rows))
    random.Random(size).shuffle(indices)
    return indices[:size]


def parse_slice(text: str) -> slice:
    """Read `'[start:stop:step]'` without evaluating it."""
    match = SLICE.fullmatch(text.strip())
    numbers = [int(part) if part else None for part in match.groups()] if match else []
    if not numbers or numbers[-1] == 0:
        raise ConfigError(f"a range must look like '[0:100]' or '[::2]', not {text!r}")
    return slice(*numbers)
