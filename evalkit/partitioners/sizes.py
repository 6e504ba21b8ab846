"""How many samples a dataset has, asked once: to count them, it must be loaded."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from evalkit.config import did_you_mean
from evalkit.errors import ConfigError
from evalkit.store import write_json

DatasetSize = Callable[[Mapping[str, Any]], int]
"""Returns the number of samples of a dataset config."""

STRATEGIES = ('heuristic', 'split')


class DatasetSizes:
    """Remembers sizes by abbreviation, in a file too if there is a `cache_path`.

    A size only balances tasks, so that one which has become wrong costs time and no answers.
    """

    def __init__(self, dataset_size: DatasetSize, cache_path: str | None = None) -> None:
        self.dataset_size = dataset_size
        self.cache_path = Path(cache_path) if cache_path else None
        self.known: dict[str, int] = {}
        if self.cache_path and self.cache_path.exists():
            self.known = self.read(self.cache_path)

    def read(self, path: Path) -> dict[str, int]:
        """Return the sizes in a cache file."""
        try:
            return {abbr: int(size) for abbr, size in json.loads(path.read_text()).items()}
        except (ValueError, TypeError, AttributeError) as error:
            raise ConfigError(
                f'dataset_size_path: {path} holds no sizes; remove it and run again'
            ) from error

    def __call__(self, dataset_cfg: Mapping[str, Any]) -> int:
        """Return the number of samples of a dataset."""
        abbr = dataset_cfg['abbr']
        if abbr not in self.known:
            self.known[abbr] = self.dataset_size(dataset_cfg)
            if self.cache_path:
                write_json(self.cache_path, self.known)
        return self.known[abbr]

    def total(self, dataset_cfgs: Iterable[Mapping[str, Any]]) -> int:
        """Return the number of samples of several datasets."""
        return sum(map(self, dataset_cfgs))


def check_strategy(strategy: str) -> None:
    """Raise ConfigError unless it is one of OpenCompass's two."""
    if strategy not in STRATEGIES:
        raise ConfigError(
            f'strategy is one of {", ".join(STRATEGIES)}, not {strategy!r}'
            f'{did_you_mean(strategy, STRATEGIES)}'
        )
