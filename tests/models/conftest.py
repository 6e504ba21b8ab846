"""The tiny model that the tests of this folder share."""

from pathlib import Path

import pytest

from tests.tiny_model import save_tiny_llama


@pytest.fixture(scope='session')
def tiny_llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny Llama; not to be changed."""
    return save_tiny_llama(tmp_path_factory.mktemp('models') / 'tiny-llama')
