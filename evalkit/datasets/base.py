"""A benchmark is a `load` function; this module turns what it loads into samples."""

import random
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evalkit.config import resolve_type
from evalkit.errors import ConfigError
from evalkit.types import Sample

Row = Mapping[str, Any]

PLAN_KEYS = frozenset({'type', 'abbr', 'reader_cfg', 'infer_cfg', 'eval_cfg', 'n', 'k'})
"""Keys of a dataset config that are not arguments of `load`."""

SLICE = re.compile(r'\[?\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*(-?\d*)\s*)?\]?$')


class BaseDataset(ABC):
    """A benchmark: subclasses write `load` and nothing else."""

    @staticmethod
    @abstractmethod
    def load(path: str, **kwargs: Any) -> Mapping[str, Iterable[Row]] | Iterable[Row]:
        """Return the rows of each split, or of the one split that there is."""


@dataclass(frozen=True, slots=True)
class Splits:
    """A dataset as its config wants it: `train` holds the rows for in-context examples."""

    train: Sequence[Row]
    test: Sequence[Sample]


def read_dataset(dataset_cfg: Mapping[str, Any]) -> Splits:
    """Load the rows of a dataset config and take the ranges that its `reader_cfg` names."""
    reader_cfg = dataset_cfg.get('reader_cfg', {})
    arguments = {key: value for key, value in dataset_cfg.items() if key not in PLAN_KEYS}
    loaded = resolve_type(dataset_cfg['type']).load(**arguments)
    splits = loaded if isinstance(loaded, Mapping) else {'train': loaded, 'test': loaded}
    train = pick_split(splits, reader_cfg.get('train_split', 'train'), dataset_cfg, optional=True)
    test = pick_split(splits, reader_cfg.get('test_split', 'test'), dataset_cfg)
    limit = reader_cfg.get('limit')
    return Splits(
        train=[train[index] for index in row_indices(len(train), reader_cfg.get('train_range'))],
        test=[
            to_sample(index, test[index], reader_cfg.get('output_column'))
            for index in row_indices(len(test), reader_cfg.get('test_range'))[:limit]
        ],
    )


def dataset_size(dataset_cfg: Mapping[str, Any]) -> int:
    """Return how many samples a dataset config means; to count them, it is loaded."""
    return len(read_dataset(dataset_cfg).test)


def pick_split(
    splits: Mapping[str, Iterable[Row]],
    name: str,
    dataset_cfg: Mapping[str, Any],
    *,
    optional: bool = False,
) -> list[Row]:
    """Return the rows of a split; a train split may be absent when nothing asks for examples."""
    if name not in splits and not optional:
        raise ConfigError(
            f'dataset {dataset_cfg.get("abbr")}: there is no split {name!r}; '
            f'it has {", ".join(sorted(splits))} (reader_cfg.test_split names one)'
        )
    return list(splits.get(name, ()))


def to_sample(index: int, row: Row, output_column: str | None) -> Sample:
    """Make a sample of a row; without an output column the whole row is the reference."""
    if output_column is None:
        return Sample(index, row, None)
    if output_column not in row:
        raise ConfigError(
            f'reader_cfg.output_column is {output_column!r}, '
            f'but row {index} has the columns {", ".join(row)}'
        )
    return Sample(index, row, row[output_column])


def row_indices(num_rows: int, wanted: int | float | str | None) -> Sequence[int]:
    """Return which rows a `test_range` or `train_range` means.

    None is all; `'[10:20]'` is a slice; an int is that many rows and a float that fraction of
    them, drawn at random with the size as the seed, so that everybody gets the same ones.
    """
    if wanted is None:
        return range(num_rows)
    if isinstance(wanted, str):
        return range(num_rows)[parse_slice(wanted)]
    size = int(wanted * num_rows) if isinstance(wanted, float) else wanted
    if size >= num_rows:
        return range(num_rows)
    return random.Random(size).sample(range(num_rows), size)


def parse_slice(text: str) -> slice:
    """Read `'[start:stop:step]'` without evaluating it."""
    match = SLICE.match(text.strip())
    if match is None:
        raise ConfigError(f"a range must look like '[0:100]', not {text!r}")
    return slice(*(int(part) if part else None for part in match.groups()))
