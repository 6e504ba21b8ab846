from pathlib import Path

import pytest

from tests.tasks.runs import SUMS, Run, a_dataset, write_rows


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run over six sums with a model that knows them; its folder holds `sums.jsonl`, too."""
    path = write_rows(tmp_path / 'sums.jsonl', SUMS)
    folder = tmp_path / 'run'
    folder.mkdir()
    return Run(folder, datasets=[a_dataset(path)])
