"""Datasets of the Hugging Face hub, read with the optional package `datasets`."""

import importlib
from dataclasses import dataclass
from typing import Any

from evalkit.errors import ConfigError


@dataclass(frozen=True, slots=True)
class HubDataset:
    """A dataset that is not among the local data; `missing` says where it was looked for.

    What was loaded before is taken from the cache of `datasets`; with HF_HUB_OFFLINE=1, or
    without a network, nothing else is.
    """

    id: str
    missing: str = ''

    def rows(
        self, split: str, name: str | None = None, folder: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the rows of a split of the dataset, or of its part `name`, or of a folder."""
        try:
            datasets = importlib.import_module('datasets')
        except ImportError as error:
            raise ConfigError(
                f'{self.missing}; put it there, or set EVALKIT_DATA, or get {self.id} from the '
                'hub: pip install evalkit[hub]'
            ) from error
        try:
            return list(datasets.load_dataset(self.id, name, data_dir=folder, split=split))
        except (OSError, ValueError, RuntimeError) as error:
            text = ' '.join(str(error).split())
            raise ConfigError(
                f'{self.missing}; and {self.id} cannot be had from the hub: {text:.200} '
                '(EVALKIT_DATA adds a place)'
            ) from error
