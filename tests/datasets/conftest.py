"""What the tests of benchmarks share."""

from pathlib import Path

import pytest

from tests.datasets.families import SAMPLES


@pytest.fixture
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let benchmarks find the small samples of the tests, and no data of the user's."""
    monkeypatch.setenv('EVALKIT_DATA', str(SAMPLES))
    monkeypatch.setenv('HF_HUB_OFFLINE', '1')
    monkeypatch.chdir(tmp_path)
    return SAMPLES
