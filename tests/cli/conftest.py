"""A config for Hugging Face, to be run on another backend."""

from pathlib import Path

import pytest

from tests.cli.comparisons import hugging_face
from tests.runs import write_config, write_words


@pytest.fixture
def calc_folder(tmp_path: Path) -> Path:
    """Return a folder with ten questions and a config that asks the calc model."""
    write_words(tmp_path)
    write_config(tmp_path, [hugging_face()])
    return tmp_path
