"""Datasets of the Hugging Face hub, read with the optional package `datasets`."""

import importlib
import logging
import sys
from dataclasses import dataclass
from functools import cache
from typing import Any

from evalkit.errors import ConfigError

logger = logging.getLogger(__name__)

REACH_SECONDS = 10.0
"""How long the hub may take to say that it is there."""


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
                "hub: pip install 'evalkit[hub]'"
            ) from error
        take_the_cache_where_there_is_no_hub()
        try:
            return list(datasets.load_dataset(self.id, name, data_dir=folder, split=split))
        except (OSError, ValueError, RuntimeError) as error:
            text = ' '.join(str(error).split())
            raise ConfigError(
                f'{self.missing}; and {self.id} cannot be had from the hub: {text:.200} '
                '(EVALKIT_DATA adds a place)'
            ) from error


@cache
def take_the_cache_where_there_is_no_hub() -> None:
    """Look for the hub once a process: `datasets` does so half a minute for each part."""
    hub = importlib.import_module('huggingface_hub')
    if hub.constants.HF_HUB_OFFLINE:
        return
    client = hub.get_session()
    http = sys.modules[type(client).__module__]  # httpx or httpx2, as the version of the hub has it
    try:
        client.head(hub.constants.ENDPOINT, timeout=REACH_SECONDS)
    except http.TransportError as error:
        logger.warning('%s: %s; only what is cached is used', hub.constants.ENDPOINT, error)
        hub.constants.HF_HUB_OFFLINE = True
        importlib.import_module('datasets').config.HF_HUB_OFFLINE = True
