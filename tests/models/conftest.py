"""The tiny model that the tests of this folder share."""

from pathlib import Path

import pytest
import torch

from tests.tiny_model import save_tiny_llama


@pytest.fixture(scope='session')
def tiny_llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a tiny Llama; not to be changed."""
    return save_tiny_llama(tmp_path_factory.mktemp('models') / 'tiny-llama')


@pytest.fixture(scope='session', autouse=True)
def _one_thread() -> None:
    """A tiny model gains nothing from threads, and loses much where the cores are busy."""
    torch.set_num_threads(1)
